import { createHash } from 'node:crypto';
import { type ChunkMessage, type ControlMessage, jobRequestSchema, type PredictionRecord } from '@kilat/contracts';
import {
  type ChunkPorts,
  chunksOf,
  finishJob,
  type PlanPorts,
  planJob,
  UndecodableImageError,
  workChunk,
} from '@kilat/core';
import { describe, expect, it } from 'vitest';
import { aJob, JOB_ID, JOB_TIME, memoryBucket, memoryJobs } from '../support/job.ts';
import { aRecord } from '../support/prediction.ts';

const ref = { tenantId: 'acme', jobId: JOB_ID };

/** Plans a job of so many uploads; those whose number is a multiple of ten are broken. */
async function worldOf(count: number, granted = Number.POSITIVE_INFINITY) {
  const jobs = memoryJobs(aJob({ state: 'queued', total: undefined, chunks: undefined, started_at: undefined }));
  const [work, inbox] = [memoryBucket(), memoryBucket()];
  const uploads = Array.from({ length: count }, (_, index) => `uploads/acme/u1/${index + 1}`);
  for (const key of uploads) await inbox.write(key, key, 'image/png');
  await work.write(`acme/jobs/${JOB_ID}/request.json`, JSON.stringify(jobRequestSchema.parse({ uploads })), '');

  const sent: ChunkMessage[] = [];
  const control: ControlMessage[] = [];
  const made: PredictionRecord[] = [];
  const counted: number[] = [];
  const planner: PlanPorts = {
    ...{ jobs, work, inbox },
    quota: {
      async countPredictions(_, wanted) {
        counted.push(wanted);
        return { granted: Math.min(wanted, granted), giveBack: async (unused) => void counted.push(-unused) };
      },
    },
    now: () => JOB_TIME,
    matchesGlob: () => true,
    readParquet: async () => [],
    decodeBase64: () => new Uint8Array(),
    batches: { sendAll: async (messages) => void sent.push(...messages) },
  };
  const worker: ChunkPorts = {
    ...{ jobs, work, inbox },
    control: { send: async (message) => void control.push(message) },
    digest: (text) => createHash('sha256').update(text).digest(),
    fetchImage: async () => new Uint8Array(),
    asPhoto: (bytes) => ({ bytes, mediaType: 'image/png' }),
    predictInstances: async () => [],
    async predict(item) {
      const { bytes } = await item.photo();
      if (new TextDecoder().decode(bytes).endsWith('0')) throw new UndecodableImageError('broken');
      const record = aRecord({ prediction_id: item.predictionId });
      made.push(record);
      return record;
    },
  };
  return { jobs, work, planner, worker, sent, control, made, counted };
}

describe('a plan', () => {
  it('is sent in chunks of twenty, none of which cuts a line', async () => {
    const { planner, sent, jobs, work } = await worldOf(45);

    await planJob(planner, ref);

    const plan = new TextDecoder().decode(work.objects.get(`acme/jobs/${JOB_ID}/plan.ndjson`));
    expect(sent.map(({ first_index }) => first_index)).toEqual([0, 20, 40]);
    expect(sent.map(({ from_byte, to_byte }) => plan.slice(from_byte, to_byte).split('\n').length - 1)).toEqual([
      20, 20, 5,
    ]);
    expect(await jobs.find(ref)).toMatchObject({ state: 'running', total: 45, chunks: 3 });
  });

  it('counts its items against the day once, however often it is asked for', async () => {
    const { planner, counted } = await worldOf(45);

    await planJob(planner, ref);
    await planJob(planner, ref);

    expect(counted).toEqual([45]);
  });

  it('gives back what it counted when another delivery’s plan was written first', async () => {
    const { planner, work, counted } = await worldOf(3);
    const writeOnce: typeof work.writeOnce = async () => '{"input":"a","key":"uploads/acme/u1/1"}\n';

    await planJob({ ...planner, work: { ...work, writeOnce } }, ref);

    expect(counted).toEqual([3, -3]);
  });

  it('names the items for which the day has no prediction left', async () => {
    const { planner, work } = await worldOf(5, 3);

    await planJob(planner, ref);

    const plan = new TextDecoder()
      .decode(work.objects.get(`acme/jobs/${JOB_ID}/plan.ndjson`))
      .trimEnd()
      .split('\n');
    expect(plan.map((line) => JSON.parse(line).problem?.code)).toEqual([
      ...[undefined, undefined, undefined],
      ...['too-many-requests', 'too-many-requests'],
    ]);
  });

  it('counts bytes, not characters', () => {
    const [first, second] = chunksOf(ref, Array.from({ length: 21 }, () => '"ä€"\n').join(''), 20);

    expect([first!.to_byte, second!.from_byte, second!.to_byte]).toEqual([160, 160, 168]);
  });

  it('stands, when it is asked for again and the source has grown', async () => {
    const { planner, sent, work } = await worldOf(3);
    await planJob(planner, ref);
    const uploads = ['uploads/acme/u1/late'];
    await work.write(`acme/jobs/${JOB_ID}/request.json`, JSON.stringify(jobRequestSchema.parse({ uploads })), '');

    await planJob(planner, ref);

    expect(sent[1]).toEqual(sent[0]);
  });

  it('of a job that was cancelled sends nothing', async () => {
    const { planner, sent, jobs } = await worldOf(3);
    await jobs.advance(ref, ['queued'], { state: 'cancelled' });

    await planJob(planner, ref);

    expect(sent).toEqual([]);
  });
});

describe('chunks that are delivered three times, in any order', () => {
  it('leave the counts, the result and the predictions of one delivery', async () => {
    const { planner, worker, sent, control, made, jobs, work } = await worldOf(45);
    await planJob(planner, ref);

    for (const message of [...sent, ...sent.toReversed(), ...sent]) await workChunk(worker, message);
    const ended = await finishJob(planner, ref);
    const again = await finishJob(planner, ref);

    const lines = new TextDecoder()
      .decode(work.objects.get(`acme/jobs/${JOB_ID}/result.ndjson`))
      .trim()
      .split('\n');
    expect(ended).toMatchObject({ state: 'partially_failed', total: 45, succeeded: 41, failed: 4 });
    expect(again).toEqual(ended);
    expect(lines.map((line) => JSON.parse(line).index)).toEqual(Array.from({ length: 45 }, (_, index) => index));
    expect(new Set(made.map(({ prediction_id }) => prediction_id)).size).toBe(41);
    expect(control.every(({ step }) => step === 'finish')).toBe(true);
    expect((await jobs.chunks(ref)).map(({ chunk }) => chunk)).toEqual([0, 1, 2]);
  });

  it('at the same time leave no more than that either', async () => {
    const { planner, worker, sent } = await worldOf(45);
    await planJob(planner, ref);

    await Promise.all([...sent, ...sent, ...sent].map((message) => workChunk(worker, message)));

    expect(await finishJob(planner, ref)).toMatchObject({ total: 45, succeeded: 41, failed: 4 });
  });
});

describe('a chunk', () => {
  it('fails as a whole when a store does, and leaves nothing that counts', async () => {
    const { planner, worker, sent, jobs } = await worldOf(3);
    await planJob(planner, ref);
    const predict = () => Promise.reject(new Error('DynamoDB is away'));

    await expect(workChunk({ ...worker, predict }, sent[0]!)).rejects.toThrow('DynamoDB is away');

    expect(await jobs.chunks(ref)).toEqual([]);
  });

  it('whose worker died before it told of the end is told of by the next delivery', async () => {
    const { planner, worker, sent, control } = await worldOf(3);
    await planJob(planner, ref);
    const dying = { ...worker, control: { send: () => Promise.reject(new Error('killed')) } };
    await workChunk(dying, sent[0]!).catch(() => {});

    await workChunk(worker, sent[0]!);

    expect(control).toEqual([{ tenant_id: 'acme', job_id: JOB_ID, step: 'finish' }]);
  });

  it('of a cancelled job is left undone', async () => {
    const { planner, worker, sent, made, jobs } = await worldOf(3);
    await planJob(planner, ref);
    await jobs.advance(ref, ['running'], { state: 'cancelled' });

    await workChunk(worker, sent[0]!);

    expect(made).toEqual([]);
  });
});
