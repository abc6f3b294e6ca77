import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import {
  captureMessageSchema,
  type JobRecord,
  type JobResultLine,
  jobRequestSchema,
  jobsTable,
} from '@kilat/contracts';
import { workKeys } from '@kilat/core';
import sharp from 'sharp';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../lib/bundle/index.ts';
import { Crew } from '../support/chaos/crew.ts';
import { startEmulators } from '../support/chaos/emulators.ts';
import { eventually } from '../support/eventually.ts';
import { projectRoot } from '../support/shared-data.ts';

/** `npm run bench:chaos` takes 10,000; a multiple of 20. */
const ITEMS = Number(process.env.KILAT_CHAOS_ITEMS ?? 2000);
const BROKEN_EVERY = 20;
const BROKEN = ITEMS / BROKEN_EVERY;
/** 2,000 items take about 20 s on two cores. */
const PATIENCE_MS = 45 * ITEMS;
const KILL_EVERY_MS = 1500;
const ref = { tenantId: 'acme', jobId: v7() };
const folder = 'uploads/acme/u1/';

/** In the repository, where the native packages are found. */
const { folders } = await bundle({
  root: projectRoot,
  functionsDir: join(projectRoot, 'functions'),
  modelsDir: join(projectRoot, 'models'),
  outDir: join(projectRoot, '.build/chaos'),
});

let world: Awaited<ReturnType<typeof startEmulators>>;
let table: DynamoDBDocumentClient;
let crew: Crew;
let job: JobRecord;

/** 19 drawn photos and one that breaks off; each stands for a twentieth of the items. */
async function putPhotos(): Promise<string[]> {
  const keys = Array.from({ length: BROKEN_EVERY }, (_, index) => `${folder}${index}.png`);
  for (const [index, Key] of keys.entries()) {
    const background = { r: index * 12, g: 255 - index * 12, b: (index * 40) % 256 };
    const photo = await sharp({ create: { width: 64, height: 64, channels: 3, background } })
      .png()
      .toBuffer();
    const Body = index === 0 ? photo.subarray(0, 40) : photo;
    await world.s3.send(new PutObjectCommand({ Bucket: 'inbox-bucket', Key, Body }));
  }
  return keys;
}

/** What the request's function leaves, without the faults: it answers its caller and is no part of what is tested. */
async function submit(keys: readonly string[]): Promise<void> {
  const uploads = Array.from({ length: ITEMS }, (_, index) => keys[index % keys.length]!);
  const Body = JSON.stringify(jobRequestSchema.parse({ model: 'signs', uploads }));
  await world.s3.send(new PutObjectCommand({ Bucket: 'work-bucket', Key: workKeys.request(ref), Body }));
  const record = {
    ...{ job_id: ref.jobId, tenant_id: ref.tenantId, user_id: 'u1', request_id: 'req-1' },
    ...{ state: 'queued', model: 'signs', top_k: 3, input: 'uploads' },
  } satisfies JobRecord;
  await table.send(new PutCommand({ TableName: 'jobs-table', Item: { ...keyOfJob, owner: 'acme#u1', ...record } }));
  const MessageBody = JSON.stringify({ tenant_id: ref.tenantId, job_id: ref.jobId, step: 'plan' });
  await world.sqs.send(new SendMessageCommand({ QueueUrl: world.queues.control, MessageBody }));
}

const keyOfJob = { [jobsTable.partitionKey]: `acme#${ref.jobId}`, [jobsTable.sortKey]: 'job' };

const readJob = async (): Promise<JobRecord> =>
  (await table.send(new GetCommand({ TableName: 'jobs-table', Key: keyOfJob }))).Item as JobRecord;

const isEmpty = async (QueueUrl: string): Promise<boolean> => {
  const { Attributes } = await world.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return (
    Number(Attributes!.ApproximateNumberOfMessages) + Number(Attributes!.ApproximateNumberOfMessagesNotVisible) === 0
  );
};

beforeAll(async () => {
  world = await startEmulators({ calls: 0.05, operations: 0.001 });
  table = DynamoDBDocumentClient.from(world.dynamodb);
  await submit(await putPhotos());
  const { env, queues } = world;
  const worker = { module: join(folders.batch, 'batch.mjs'), queueUrl: queues.batches, env };
  const control = { module: join(folders['job-control'], 'index.mjs'), queueUrl: queues.control, env };
  crew = new Crew([worker, worker, worker, control]);
  const killing = setInterval(() => crew.killOne(), KILL_EVERY_MS);
  await eventually(async () => ((await readJob()).finished_at ? true : undefined), PATIENCE_MS);
  clearInterval(killing);
  await eventually(async () => (await isEmpty(queues.batches)) || undefined); // the last deliveries, after the end
  await crew.dismiss();
  job = await readJob();
}, PATIENCE_MS + 60_000);

afterAll(async () => {
  await crew?.dismiss();
  await world?.close();
});

async function resultLines(): Promise<JobResultLine[]> {
  const { Body } = await world.s3.send(new GetObjectCommand({ Bucket: 'work-bucket', Key: workKeys.result(ref) }));
  return (await Body!.transformToString())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function historyItems(): Promise<{ prediction_id: string; label: string }[]> {
  const found: Record<string, unknown>[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await table.send(new ScanCommand({ TableName: 'history', ExclusiveStartKey }));
    found.push(...page.Items!);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found as { prediction_id: string; label: string }[];
}

async function photoKeys(): Promise<string[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await world.s3.send(new ListObjectsV2Command({ Bucket: 'photos-bucket', ContinuationToken }));
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key!));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return keys;
}

async function capturedIds(): Promise<Set<string>> {
  const ids = new Set<string>();
  for (;;) {
    const input = { QueueUrl: world.queues.captures, MaxNumberOfMessages: 10, VisibilityTimeout: 600 };
    const { Messages = [] } = await world.sqs.send(new ReceiveMessageCommand(input));
    if (Messages.length === 0) return ids;
    const captured = Messages.flatMap(({ Body }) => captureMessageSchema.parse(JSON.parse(Body!)).predictions);
    for (const { prediction_id } of captured) ids.add(prediction_id);
  }
}

const broken = Array.from({ length: BROKEN }, (_, index) => index * BROKEN_EVERY);

describe(`a job of ${ITEMS} items, while stores fail, messages repeat and workers are killed`, () => {
  it('met what it was to meet', () => {
    console.info(`faults ${world.faults()}, workers killed ${crew.killed}, messages delivered ${crew.deliveries}`);

    expect(world.faults()).toBeGreaterThan(200);
    expect(crew.killed).toBeGreaterThan(3);
    expect(crew.deliveries).toBeGreaterThan(120);
  });

  it('ends with every item counted once', () => {
    expect(job).toMatchObject({ state: 'partially_failed', total: ITEMS, succeeded: ITEMS - BROKEN, failed: BROKEN });
  });

  it('has one line for each item, in order, and names every broken one', async () => {
    const lines = await resultLines();

    expect(lines.map(({ index }) => index)).toEqual(Array.from({ length: ITEMS }, (_, index) => index));
    expect(lines.filter(({ problem }) => problem).map(({ index }) => index)).toEqual(broken);
    expect(
      new Set(lines.filter(({ problem }) => problem).map(({ input, problem }) => `${input} ${problem!.code}`)),
    ).toEqual(new Set([`${folder}0.png undecodable-image`]));
  });

  it('says the same of the same photo, whoever worked on it', async () => {
    const lines = (await resultLines()).filter(({ predictions }) => predictions);

    const answers = new Set(lines.map(({ input, predictions }) => `${input} ${JSON.stringify(predictions)}`));

    expect(answers.size).toBe(BROKEN_EVERY - 1);
  });

  it('leaves each prediction once: in the history, as a photo, and by its id in what was captured', async () => {
    const lines = (await resultLines()).filter(({ predictions }) => predictions);
    const expected = new Map(lines.map(({ prediction_id, predictions }) => [prediction_id!, predictions![0]!.label]));

    const history = await historyItems();
    const photos = await photoKeys();

    expect(history).toHaveLength(ITEMS - BROKEN);
    expect(new Map(history.map(({ prediction_id, label }) => [prediction_id, label]))).toEqual(expected);
    expect(photos.map((key) => key.split('/').at(-1)!.slice(0, 36)).sort()).toEqual([...expected.keys()].sort());
    expect(await capturedIds()).toEqual(new Set(expected.keys()));
  });
});
