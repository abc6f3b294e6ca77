import { batchMessageSchema, controlMessageSchema } from '@kilat/contracts';
import { batch } from '@kilat/lambda';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { expect, it } from 'vitest';

const silent = { logger: { error: () => {} } as never, messagesFailed: () => {} };

const JOB_ID = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
const aMessage = (tenant_id: string) => JSON.stringify({ tenant_id, job_id: JOB_ID, step: 'plan' });

const anSqsEvent = (...bodies: string[]): SQSEvent => ({
  Records: bodies.map(
    (body, index) =>
      ({ messageId: `message-${index}`, body, attributes: { ApproximateReceiveCount: '1' } }) as SQSRecord,
  ),
});

it('marks only the failed records for redelivery', async () => {
  const handler = batch(silent, controlMessageSchema, async ({ tenant_id }) => {
    if (tenant_id === 'fail') throw new Error('a store is away');
  });

  const answer = await handler(anSqsEvent(aMessage('a'), aMessage('fail'), aMessage('b')));

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
});

it.each(['{', '{}', 'null', '{"tenant_id":"a","job_id":"x","step":"plan"}'])(
  'fails the record %s alone',
  async (body) => {
    const handled: string[] = [];
    const handler = batch(silent, controlMessageSchema, async ({ tenant_id }) => void handled.push(tenant_id));

    const answer = await handler(anSqsEvent(body, aMessage('a')));

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(handled).toEqual(['a']);
  },
);

it('hands a batch over as a whole: its records do not wait for each other', async () => {
  let arrived = 0;
  let open = (): void => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  const handler = batch(silent, controlMessageSchema, async () => {
    if (++arrived === 3) open();
    await all;
  });

  expect(await handler(anSqsEvent(aMessage('a'), aMessage('b'), aMessage('c')))).toEqual({ batchItemFailures: [] });
});

it('takes the message with which S3 tries a queue out for one of no photos', () => {
  const test = { Service: 'Amazon S3', Event: 's3:TestEvent', Time: '2026-11-20T09:30:00.000Z', Bucket: 'inbox' };

  expect(batchMessageSchema.parse(test)).toEqual({ Records: [] });
});
