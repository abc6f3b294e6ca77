import { DeleteObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, inject, it } from 'vitest';
import { endpoint, example } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { bucketNamed, putInbox, s3 } from '../support/jobs.ts';
import { kilat } from '../support/local-cloud.ts';

const { dataDir } = inject('cloud');
const sqs = new SQSClient(endpoint('sqs'));
const folder = `r-${crypto.randomUUID().slice(0, 8)}/signs`;

const isThere = (Bucket: string, Key: string): Promise<true | undefined> =>
  s3.send(new HeadObjectCommand({ Bucket, Key })).then(
    () => true,
    () => undefined,
  );

it('sends messages that failed back to the queue they came from, where they are worked on', async () => {
  const [Bucket, photo] = await Promise.all([bucketNamed('inbox'), example('seven.jpg')]);
  const Key = `results/${folder}/seven.jpg.json`;
  await putInbox(`inbox/${folder}/seven.jpg`, photo);
  await eventually(() => isThere(Bucket, Key));
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  const drop = { eventTime: '', s3: { bucket: { name: Bucket }, object: { key: `inbox/${folder}/seven.jpg` } } };
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const QueueUrl = QueueUrls.find((url) => url.includes('BatchesDeadLetters'))!;
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ Records: [drop] }) }));

  const listed = await kilat(dataDir, 'redrive', '--list');
  const sent = await kilat(dataDir, 'redrive', '--queue', 'batches');

  expect(listed.stdout).toMatch(/^QUEUE +DEAD LETTERS\nbatches +1\ncaptures +0\ncontrol +0$/m);
  expect([sent.code, sent.stdout]).toEqual([0, expect.stringMatching(/^batches +1$/m)]);
  await eventually(() => isThere(Bucket, Key));
});

it('knows no other queue', async () => {
  const { code, stderr } = await kilat(dataDir, 'redrive', '--queue', 'orders');

  expect([code, stderr]).toEqual([2, expect.stringContaining('batches, captures, control')]);
});
