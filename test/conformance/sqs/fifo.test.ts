import { CreateQueueCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { bodiesOf, sqsUnderTest, TestQueue, uniqueName } from './queue-fixtures.ts';

const client = await sqsUnderTest();

const fifo = (attributes: Record<string, string> = {}) =>
  TestQueue.create(client, { FifoQueue: 'true', ContentBasedDeduplication: 'true', ...attributes });

describe('a FIFO queue', () => {
  it('hands out the messages of a group in the order they were sent', async () => {
    const queue = await fifo();
    const bodies = ['1', '2', '3', '4'];
    for (const body of bodies) await queue.send(body, { MessageGroupId: 'g' });

    const messages = await queue.receive();

    const sequence = messages.map(({ Attributes }) => BigInt(Attributes?.SequenceNumber ?? 0));
    expect(bodiesOf(messages)).toEqual(bodies);
    expect(sequence).toEqual(sequence.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(messages[0]?.Attributes).toMatchObject({ MessageGroupId: 'g' });
  });

  it('locks a group while one of its messages is in flight, and no other group', async () => {
    const queue = await fifo();
    await queue.send('a1', { MessageGroupId: 'a' });
    await queue.send('a2', { MessageGroupId: 'a' });
    await queue.send('b1', { MessageGroupId: 'b' });

    const first = await queue.receiveOne();
    const others = await queue.receive();
    await queue.delete(first.ReceiptHandle);
    const unlocked = await queue.receive();

    expect(first.Body).toBe('a1');
    expect(bodiesOf(others)).toEqual(['b1']);
    expect(bodiesOf(unlocked)).toEqual(['a2']);
  });

  it('wakes a long poll when a group is unlocked', async () => {
    const queue = await fifo();
    await queue.send('1', { MessageGroupId: 'g' });
    await queue.send('2', { MessageGroupId: 'g' });
    const first = await queue.receiveOne();
    const poll = queue.receive({ WaitTimeSeconds: 5 });

    await queue.delete(first.ReceiptHandle);

    expect(bodiesOf(await poll)).toEqual(['2']);
  });

  it('takes equal bodies once when it deduplicates by content', async () => {
    const queue = await fifo();

    const first = await queue.send('same', { MessageGroupId: 'g' });
    const second = await queue.send('same', { MessageGroupId: 'g' });

    expect(second.MessageId).toBe(first.MessageId);
    expect(second.SequenceNumber).toBe(first.SequenceNumber);
    expect(bodiesOf(await queue.receive())).toEqual(['same']);
  });

  it('remembers a message that was deleted', async () => {
    const queue = await fifo();
    await queue.send('same', { MessageGroupId: 'g' });
    const { ReceiptHandle } = await queue.receiveOne();
    await queue.delete(ReceiptHandle);

    await queue.send('same', { MessageGroupId: 'g' });

    expect(await queue.receive()).toEqual([]);
  });

  it('goes by the deduplication id where there is one', async () => {
    const queue = await fifo();

    await queue.send('1', { MessageGroupId: 'g', MessageDeduplicationId: 'x' });
    await queue.send('2', { MessageGroupId: 'g', MessageDeduplicationId: 'x' });
    await queue.send('1', { MessageGroupId: 'g', MessageDeduplicationId: 'y' });

    expect(bodiesOf(await queue.receive())).toEqual(['1', '1']);
  });

  it('deduplicates within a group when told so', async () => {
    const queue = await fifo({ DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' });

    for (const MessageGroupId of ['a', 'a', 'b']) await queue.send('same', { MessageGroupId });

    expect(bodiesOf(await queue.receive())).toEqual(['same', 'same']);
  });

  it('deduplicates within a batch', async () => {
    const queue = await fifo();
    const entry = (Id: string, MessageBody: string) => ({ Id, MessageBody, MessageGroupId: 'g' });

    const { Successful } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queue.url,
        Entries: [entry('1', 'a'), entry('2', 'a'), entry('3', 'b')],
      }),
    );

    expect(Successful).toHaveLength(3);
    expect(bodiesOf(await queue.receive())).toEqual(['a', 'b']);
  });

  it('needs a message group', async () => {
    const queue = await fifo();

    const error = await queue.send('lost').catch((e) => e);

    expect(error.name).toBe('MissingParameter');
  });

  it('needs a deduplication id unless content decides', async () => {
    const queue = await fifo({ ContentBasedDeduplication: 'false' });

    const error = await queue.send('lost', { MessageGroupId: 'g' }).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
  });

  it('takes no delay of a single message', async () => {
    const queue = await fifo();

    const error = await queue.send('later', { MessageGroupId: 'g', DelaySeconds: 1 }).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
  });

  it('cannot be the dead-letter queue of a standard queue', async () => {
    const deadLetters = await fifo();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await deadLetters.arn(), maxReceiveCount: 1 });

    const error = await TestQueue.create(client, { RedrivePolicy }).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
  });

  it.each([
    ['without its suffix', { QueueName: uniqueName(), Attributes: { FifoQueue: 'true' } }],
    ['without its attribute', { QueueName: `${uniqueName()}.fifo` }],
  ])('is not created %s', async (_, input) => {
    const error = await client.send(new CreateQueueCommand(input)).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
  });
});

describe('a standard queue', () => {
  it('takes no deduplication id', async () => {
    const queue = await TestQueue.create(client);

    const error = await queue.send('body', { MessageDeduplicationId: 'x' }).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
  });
});
