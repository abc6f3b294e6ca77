import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SqsService, startSqs } from '../../../local/sqs/index.ts';
import { clientConfig, isRemote } from '../../support/endpoint.ts';
import { bodiesOf, TestQueue } from './queue-fixtures.ts';

const START = Date.UTC(2026, 0, 1);

describe.skipIf(isRemote)('SQS after a restart', () => {
  let dir: string;
  let nowMs: number;
  let service: SqsService;
  let client: SQSClient;

  const start = async () => {
    service = await startSqs({ dir, now: () => nowMs });
    client = new SQSClient(clientConfig(service.url));
  };
  const restart = async (queue: TestQueue) => {
    client.destroy();
    await service.close();
    await start();
    return new TestQueue(client, queue.url);
  };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kilat-sqs-'));
    nowMs = START;
    await start();
  });

  afterEach(async () => {
    client.destroy();
    await service.close();
    await rm(dir, { recursive: true });
  });

  it('has the queues with their attributes and tags', async () => {
    const { QueueUrl } = await client.send(
      new CreateQueueCommand({ QueueName: 'kept', Attributes: { DelaySeconds: '7' }, tags: { a: 'b' } }),
    );

    const queue = await restart(new TestQueue(client, QueueUrl as string));

    expect(await queue.attribute('DelaySeconds')).toBe('7');
    expect(await queue.attribute('CreatedTimestamp')).toBe(String(START / 1000));
  });

  it('has the messages that were ready, in flight and delayed, each in its state', async () => {
    const queue = await TestQueue.create(client, { VisibilityTimeout: '30' });
    await queue.send('in flight');
    const { ReceiptHandle } = await queue.receiveOne();
    await queue.send('ready');
    await queue.send('delayed', { DelaySeconds: 60 });

    const again = await restart(queue);

    expect(await again.attribute('ApproximateNumberOfMessagesNotVisible')).toBe('1');
    expect(await again.attribute('ApproximateNumberOfMessagesDelayed')).toBe('1');
    expect(bodiesOf(await again.receive())).toEqual(['ready']);
    nowMs = START + 60_000;
    expect(bodiesOf(await again.receive()).sort()).toEqual(['delayed', 'in flight', 'ready']);
    await again.delete(ReceiptHandle);
  });

  it('still knows a receipt handle', async () => {
    const queue = await TestQueue.create(client);
    await queue.send('done');
    const { ReceiptHandle } = await queue.receiveOne();

    const again = await restart(queue);
    await again.delete(ReceiptHandle);

    expect(await again.attribute('ApproximateNumberOfMessagesNotVisible')).toBe('0');
  });

  it('has a message that was given back, with its receive count', async () => {
    const queue = await TestQueue.create(client);
    await queue.send('returned');
    const { ReceiptHandle } = await queue.receiveOne();
    await queue.changeVisibility(ReceiptHandle, 0);

    const again = await restart(queue);

    expect((await again.receiveOne()).Attributes?.ApproximateReceiveCount).toBe('2');
  });

  it('goes on with a message move task', async () => {
    const deadLetters = await TestQueue.create(client);
    const SourceArn = await deadLetters.arn();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: SourceArn, maxReceiveCount: 1 });
    const queue = await TestQueue.create(client, { RedrivePolicy, VisibilityTimeout: '0' });
    for (const body of ['a', 'b']) await queue.send(body);
    for (let i = 0; i < 2; i++) await queue.receive();
    await client.send(new StartMessageMoveTaskCommand({ SourceArn, MaxNumberOfMessagesPerSecond: 1 }));
    await queue.receive({ WaitTimeSeconds: 5 });

    await restart(queue);

    await expect.poll(() => new TestQueue(client, deadLetters.url).attribute('ApproximateNumberOfMessages')).toBe('0');
  });

  it('may be closed twice', async () => {
    await service.close();

    await expect(service.close()).resolves.toBeUndefined();
  });

  it('ends a poll that waits when it closes', async () => {
    const queue = await TestQueue.create(client);
    const poll = queue.receive({ WaitTimeSeconds: 10 }).catch((e) => e);
    await new Promise((resolve) => setTimeout(resolve, 100));

    const startedAt = performance.now();
    await service.close();
    await poll;

    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
