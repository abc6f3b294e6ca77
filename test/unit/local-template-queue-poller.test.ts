import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InvocationResult } from '../../local/lambda/index.ts';
import { type SqsService, startSqs } from '../../local/sqs/index.ts';
import { type QueueMapping, QueuePoller } from '../../local/template/queue-poller.ts';
import type { SqsEvent } from '../../local/template/sqs-event.ts';
import { clientConfig } from '../support/endpoint.ts';

let dir: string;
let service: SqsService;
let sqs: SQSClient;
let QueueUrl: string;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'kilat-poller-'));
  service = await startSqs({ dir });
  sqs = new SQSClient(clientConfig(service.url));
  QueueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }))).QueueUrl!;
});
afterEach(async () => {
  sqs.destroy();
  await service.close();
  rmSync(dir, { recursive: true });
});

const send = (...bodies: string[]) =>
  sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
    }),
  );

async function messagesLeft(): Promise<number> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return Number(Attributes?.ApproximateNumberOfMessages) + Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
}

const aMapping = (change: Partial<QueueMapping> = {}): QueueMapping => ({
  queueArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
  functionName: 'batch',
  batchSize: 10,
  batchingWindowMs: 0,
  reportsItemFailures: true,
  concurrency: 1,
  ...change,
});

/** Polls until the function has seen that many messages. */
async function pollFor(count: number, mapping: QueueMapping, answer: (event: SqsEvent) => Partial<InvocationResult>) {
  const batches: string[][] = [];
  const seen = Promise.withResolvers<void>();
  const invoke = async (_: string, event: unknown): Promise<InvocationResult> => {
    batches.push((event as SqsEvent).Records.map(({ body }) => body));
    if (batches.flat().length >= count) seen.resolve();
    return {
      statusCode: 200,
      executedVersion: '$LATEST',
      requestId: 'r',
      payload: 'null',
      ...answer(event as SqsEvent),
    };
  };
  const poller = new QueuePoller(mapping, { sqs, sqsUrl: service.url, lambda: { invoke }, onFault: seen.reject });
  poller.start();
  await seen.promise;
  await poller.stop();
  return batches;
}

describe('queue poller', () => {
  it('hands messages over in batches, and deletes them', async () => {
    await send('a', 'b', 'c');

    const batches = await pollFor(3, aMapping({ batchSize: 2 }), () => ({}));

    expect(batches.map(({ length }) => length)).toEqual([2, 1]);
    expect(await messagesLeft()).toBe(0);
  });

  it('leaves in the queue what the function says it failed at', async () => {
    await send('good', 'bad');

    await pollFor(2, aMapping(), ({ Records }) => ({
      payload: JSON.stringify({
        batchItemFailures: Records.filter(({ body }) => body === 'bad').map((record) => ({
          itemIdentifier: record.messageId,
        })),
      }),
    }));

    expect(await messagesLeft()).toBe(1);
  });

  it('leaves everything in the queue when the function fails', async () => {
    await send('a', 'b');

    await pollFor(2, aMapping(), () => ({ functionError: 'Unhandled', payload: '{"errorMessage":"broken"}' }));

    expect(await messagesLeft()).toBe(2);
  });

  it('waits for a batch to fill up while its window is open', async () => {
    await send('a');
    const later = setTimeout(() => void send('b'), 300);

    const batches = await pollFor(2, aMapping({ batchSize: 2, batchingWindowMs: 5000 }), () => ({}));
    clearTimeout(later);

    expect(batches).toEqual([['a', 'b']]);
  });
});
