import { createHash } from 'node:crypto';
import { type ControlMessage, jobRequestSchema } from '@kilat/contracts';
import { idempotencyKeyIn, type Submission, type SubmitPorts, submitJob } from '@kilat/core';
import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { JOB_TIME, memoryBucket, memoryIdempotency, memoryJobs } from '../support/job.ts';

const identity = { tenantId: 'acme', userId: 'u1', isAdmin: false };
const HOUR = 3_600_000;

const aSubmission = (parts: Partial<Submission> = {}): Submission => ({
  identity,
  requestId: 'req-1',
  request: jobRequestSchema.parse({ items: [{ image_url: 'https://example.com/a.jpg' }] }),
  model: 'tiny',
  task: 'image-classification',
  idempotencyKey: 'key-1',
  ...parts,
});

/** @param clock holds the time, which the ids of jobs carry */
function worldAt(clock: { ms: number }, parts: Partial<SubmitPorts> = {}) {
  const messages: ControlMessage[] = [];
  const ports: SubmitPorts = {
    jobs: memoryJobs(),
    idempotency: memoryIdempotency(),
    work: memoryBucket(),
    control: { send: async (message) => void messages.push(message) },
    newJobId: () => v7({ msecs: clock.ms }),
    assertWebhookUrl: () => {},
    digest: (text) => createHash('sha256').update(text).digest(),
    ...parts,
  };
  return { ports, messages };
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error: { code: string }) => error.code,
  );

describe('submitting a job', () => {
  it('keeps it and what it asks for, and tells the planner', async () => {
    const { ports, messages } = worldAt({ ms: JOB_TIME });

    const job = await submitJob(ports, aSubmission());

    expect(messages).toEqual([{ tenant_id: 'acme', job_id: job.job_id, step: 'plan' }]);
    expect(await ports.jobs.find({ tenantId: 'acme', jobId: job.job_id })).toEqual(job);
    expect(await ports.work.read(`acme/jobs/${job.job_id}/request.json`)).toBeDefined();
  });

  it('leaves no job where the planner cannot be told', async () => {
    const { ports } = worldAt({ ms: JOB_TIME }, { control: { send: () => Promise.reject(new Error('SQS is away')) } });
    const created: string[] = [];
    const jobs = { ...ports.jobs, remove: async ({ jobId }: { jobId: string }) => void created.push(jobId) };

    await expect(submitJob({ ...ports, jobs }, aSubmission())).rejects.toThrow('SQS is away');

    expect(created).toHaveLength(1);
  });
});

describe('an idempotency key', () => {
  it('gives the first job again, and tells nobody twice', async () => {
    const { ports, messages } = worldAt({ ms: JOB_TIME });

    const first = await submitJob(ports, aSubmission());
    const second = await submitJob(ports, aSubmission());

    expect(second.job_id).toBe(first.job_id);
    expect(messages).toHaveLength(1);
  });

  it('is refused with another body', async () => {
    const { ports } = worldAt({ ms: JOB_TIME });
    await submitJob(ports, aSubmission());

    expect(await codeOf(submitJob(ports, aSubmission({ model: 'other' })))).toBe('idempotency-key-reused');
  });

  it('is in use while its first request is being answered', async () => {
    const { ports } = worldAt({ ms: JOB_TIME });
    let seen: unknown;
    const control = {
      send: async () => {
        seen = await codeOf(submitJob(ports, aSubmission()));
      },
    };

    await submitJob({ ...ports, control }, aSubmission());

    expect(seen).toBe('idempotency-key-in-use');
  });

  it('gives the same job when the first request died half-way', async () => {
    const clock = { ms: JOB_TIME };
    const { ports, messages } = worldAt(clock);
    const dying = { ...ports, control: { send: () => new Promise<never>(() => {}) } };
    void submitJob(dying, aSubmission());
    await new Promise((resolve) => setImmediate(resolve));
    const soon = await codeOf(submitJob(ports, aSubmission()));
    clock.ms += 31_000;

    const second = await submitJob(ports, aSubmission());

    expect(soon).toBe('idempotency-key-in-use');
    expect(Number.parseInt(second.job_id.replaceAll('-', '').slice(0, 12), 16)).toBe(JOB_TIME);
    expect(messages).toHaveLength(1);
  });

  it('is free again after a failure', async () => {
    const { ports } = worldAt({ ms: JOB_TIME });
    const failing = { ...ports, control: { send: () => Promise.reject(new Error('SQS is away')) } };
    await submitJob(failing, aSubmission()).catch(() => {});

    expect(await codeOf(submitJob(ports, aSubmission()))).toBe('none');
  });

  it('is forgotten after a day', async () => {
    const clock = { ms: JOB_TIME };
    const { ports } = worldAt(clock);
    const first = await submitJob(ports, aSubmission());
    clock.ms += 24 * HOUR + 1000;

    const second = await submitJob(ports, aSubmission({ model: 'other' }));

    expect(second.job_id).not.toBe(first.job_id);
  });

  it.each(['', 'with space', 'ümlaut', 'x'.repeat(256)])('is not %j', (key) => {
    expect(() => idempotencyKeyIn({ 'idempotency-key': key })).toThrow(/at most 255 characters/);
  });
});
