import {
  type ChunkRecord,
  type Job,
  type JobCounts,
  type JobRecord,
  type JobState,
  limits,
  type Segment,
  type SegmentCounts,
} from '@kilat/contracts';
import { madeAt } from '../prediction-id.ts';

export const endStates: readonly JobState[] = ['succeeded', 'partially_failed', 'failed', 'cancelled'];

export const hasEnded = ({ state }: Pick<JobRecord, 'state'>): boolean => endStates.includes(state);

/** How many items a chunk of the job has: a row takes a hundredth of what a photo does. */
export const chunkItemsOf = ({ task }: Pick<JobRecord, 'task'>): number =>
  task === 'tabular-classification' ? limits.tabular.chunkItems : limits.jobs.chunkItems;

/** Sums the segments of rows up. @returns nothing for photos, or before the first chunk is done */
export function segmentsOf(chunks: readonly ChunkRecord[]): SegmentCounts | undefined {
  const counted = chunks.flatMap((chunk) => chunk.segments ?? []);
  if (counted.length === 0) return undefined;
  const sumOf = (segment: Segment): number => counted.reduce((sum, counts) => sum + counts[segment], 0);
  return { low: sumOf('low'), medium: sumOf('medium'), high: sumOf('high') };
}

/** Sums chunks up. */
export function countsOf(total: number, chunks: readonly ChunkRecord[]): JobCounts {
  const succeeded = chunks.reduce((sum, chunk) => sum + chunk.succeeded, 0);
  const failed = chunks.reduce((sum, chunk) => sum + chunk.failed, 0);
  return { total, succeeded, failed, pending: total - succeeded - failed };
}

/** The state in which a job of these counts ends. */
export function endStateOf({ succeeded, failed }: JobCounts): JobState {
  if (failed === 0) return 'succeeded';
  return succeeded === 0 ? 'failed' : 'partially_failed';
}

/**
 * A job as the API shows it.
 * @param chunks those that are done; of no account once the job has ended by itself
 * @param nowMs epoch milliseconds
 */
export function jobView(job: JobRecord, chunks: readonly ChunkRecord[], nowMs: number): Job {
  const counts = finalCounts(job) ?? countsOf(job.total ?? 0, chunks);
  const { job_id, request_id, user_id, state, model, top_k, input, problem, webhook_problem, started_at, finished_at } =
    job;
  const segments = job.segments ?? segmentsOf(chunks);
  return {
    ...{ job_id, request_id, user_id, state, model, top_k, input, counts },
    ...(segments && { segments }),
    ...speed(job, counts, nowMs),
    ...(problem && { problem }),
    ...(webhook_problem && { webhook_problem }),
    created_at: new Date(madeAt(job_id)).toISOString(),
    ...(started_at && { started_at }),
    ...(finished_at && { finished_at }),
  };
}

function finalCounts({ total, succeeded, failed }: JobRecord): JobCounts | undefined {
  if (succeeded === undefined || failed === undefined) return undefined;
  return { total: total ?? 0, succeeded, failed, pending: 0 };
}

type Speed = Pick<Job, 'progress' | 'rate_per_second' | 'eta_seconds'>;

function speed(job: JobRecord, { total, pending }: JobCounts, nowMs: number): Speed {
  const done = total - pending;
  const progress = total === 0 ? Number(hasEnded(job) && job.state !== 'cancelled') : done / total;
  const seconds = ((job.finished_at ? Date.parse(job.finished_at) : nowMs) - Date.parse(job.started_at ?? '')) / 1000;
  if (!(seconds > 0) || done === 0) return { progress };
  const rate = done / seconds;
  return { progress, rate_per_second: rate, ...(job.state === 'running' && { eta_seconds: pending / rate }) };
}
