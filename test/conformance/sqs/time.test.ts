import { beforeEach, describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import { bodiesOf, sqsUnderTest, TestQueue } from './queue-fixtures.ts';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const DAY = 86_400_000;

/** A clock that only an emulator can be given. */
let nowMs = START;
const client = await sqsUnderTest(() => nowMs);

describe.skipIf(isRemote)('SQS over time', () => {
  beforeEach(() => {
    nowMs = START;
  });

  it('shows a message again when its visibility timeout has passed, and not before', async () => {
    const queue = await TestQueue.create(client, { VisibilityTimeout: '30' });
    await queue.send('again');
    await queue.receiveOne();

    nowMs = START + 29_999;
    const before = await queue.receive();
    nowMs = START + 30_000;
    const after = await queue.receiveOne();

    expect(before).toEqual([]);
    expect(after.Attributes?.ApproximateReceiveCount).toBe('2');
    expect(after.Attributes?.ApproximateFirstReceiveTimestamp).toBe(String(START));
  });

  it('delays by the message first, then by the queue', async () => {
    const queue = await TestQueue.create(client, { DelaySeconds: '60', VisibilityTimeout: '120' });
    await queue.send('by the queue');
    await queue.send('by itself', { DelaySeconds: 0 });

    const now = await queue.receive();
    nowMs = START + MINUTE;
    const later = await queue.receive();

    expect(bodiesOf(now)).toEqual(['by itself']);
    expect(bodiesOf(later)).toEqual(['by the queue']);
  });

  it('forgets a message when the queue has kept it for its retention period', async () => {
    const queue = await TestQueue.create(client, { MessageRetentionPeriod: '60' });
    await queue.send('old');

    nowMs = START + MINUTE - 1;
    const kept = await queue.attribute('ApproximateNumberOfMessages');
    nowMs = START + MINUTE;
    const gone = await queue.attribute('ApproximateNumberOfMessages');

    expect(kept).toBe('1');
    expect(gone).toBe('0');
    expect(await queue.receive()).toEqual([]);
  });

  it('keeps four days by default', async () => {
    const queue = await TestQueue.create(client);
    await queue.send('kept');

    nowMs = START + 4 * DAY - 1;
    const kept = await queue.receive({ VisibilityTimeout: 0 });
    nowMs = START + 4 * DAY;

    expect(bodiesOf(kept)).toEqual(['kept']);
    expect(await queue.receive()).toEqual([]);
  });

  it('counts the age of a dead letter from when it was first sent', async () => {
    const deadLetters = await TestQueue.create(client, { MessageRetentionPeriod: '120' });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await deadLetters.arn(), maxReceiveCount: 1 });
    const queue = await TestQueue.create(client, { RedrivePolicy, VisibilityTimeout: '60' });
    await queue.send('poison');
    await queue.receiveOne();

    nowMs = START + MINUTE;
    await queue.receive();
    const kept = await deadLetters.receiveOne({ VisibilityTimeout: 0 });
    nowMs = START + 2 * MINUTE;

    expect(kept.Attributes?.SentTimestamp).toBe(String(START));
    expect(await deadLetters.receive()).toEqual([]);
  });

  it('deduplicates for five minutes', async () => {
    const queue = await TestQueue.create(client, { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    const first = await queue.send('same', { MessageGroupId: 'g' });

    nowMs = START + 5 * MINUTE - 1;
    const within = await queue.send('same', { MessageGroupId: 'g' });
    nowMs = START + 5 * MINUTE;
    const beyond = await queue.send('same', { MessageGroupId: 'g' });

    expect(within.MessageId).toBe(first.MessageId);
    expect(beyond.MessageId).not.toBe(first.MessageId);
  });

  it('refuses an expired receipt handle of a FIFO queue', async () => {
    const queue = await TestQueue.create(client, { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
    await queue.send('slow', { MessageGroupId: 'g' });
    const { ReceiptHandle } = await queue.receiveOne();

    nowMs = START + MINUTE;
    const error = await queue.delete(ReceiptHandle).catch((e) => e);

    expect(error.message).toMatch(/The receipt handle has expired/);
  });

  it('stamps queues with the seconds of their making and changing', async () => {
    const queue = await TestQueue.create(client);

    expect(await queue.attribute('CreatedTimestamp')).toBe(String(START / 1000));
  });
});
