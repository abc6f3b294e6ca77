import { jobView } from '@kilat/core';
import { describe, expect, it } from 'vitest';
import { aJob, JOB_TIME } from '../support/job.ts';

const chunks = [
  { chunk: 0, succeeded: 20, failed: 0 },
  { chunk: 3, succeeded: 18, failed: 2 },
];

describe('a job of 100 items, 40 of them done after 10 s', () => {
  const view = jobView(aJob(), chunks, JOB_TIME + 10_000);

  it('counts what its chunks came to', () => {
    expect(view.counts).toEqual({ total: 100, succeeded: 38, failed: 2, pending: 60 });
  });

  it('is at 0.4, does 4 a second, and takes another 15 s', () => {
    expect([view.progress, view.rate_per_second, view.eta_seconds]).toEqual([0.4, 4, 15]);
  });
});

describe('a job', () => {
  it('that is not planned yet knows no rate and no end', () => {
    const { total: _total, chunks: _chunks, started_at: _started, ...queued } = aJob({ state: 'queued' });

    const view = jobView(queued, [], JOB_TIME + 10_000);

    expect(view).toMatchObject({ progress: 0, counts: { total: 0 }, created_at: '2022-02-22T19:22:22.000Z' });
    expect(Object.keys(view)).not.toContain('eta_seconds');
  });

  it('that has ended shows the counts of its end, and the rate it had', () => {
    const finished_at = new Date(JOB_TIME + 50_000).toISOString();
    const job = aJob({ state: 'partially_failed', succeeded: 90, failed: 10, finished_at });

    const view = jobView(job, [], JOB_TIME + 9_000_000);

    expect(view).toMatchObject({
      progress: 1,
      rate_per_second: 2,
      counts: { total: 100, succeeded: 90, failed: 10, pending: 0 },
    });
    expect(Object.keys(view)).not.toContain('eta_seconds');
  });

  it('that was cancelled stays where it was', () => {
    expect(jobView(aJob({ state: 'cancelled' }), chunks, JOB_TIME).progress).toBe(0.4);
  });
});
