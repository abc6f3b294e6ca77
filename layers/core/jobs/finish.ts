import type { JobRecord } from '@kilat/contracts';
import { countsOf, endStateOf, hasEnded, segmentsOf } from './progress.ts';
import { type JobRef, type JobStore, NDJSON, type ObjectStore, workKeys } from './store.ts';

export interface FinishPorts {
  readonly jobs: JobStore;
  readonly work: ObjectStore;
  /** epoch milliseconds */
  readonly now: () => number;
}

const READ_AT_ONCE = 16;

/**
 * Joins the results of all chunks and gives the job its final state and counts.
 * @returns the job once it has ended, here or before; undefined while it is not done
 */
export async function finishJob({ jobs, work, now }: FinishPorts, ref: JobRef): Promise<JobRecord | undefined> {
  const job = await jobs.find(ref);
  if (job && hasEnded(job)) return job;
  const chunks = await jobs.chunks(ref);
  if (job?.state !== 'running' || chunks.length !== job.chunks) return undefined;
  const parts: string[] = [];
  for (let first = 0; first < chunks.length; first += READ_AT_ONCE) {
    const group = chunks.slice(first, first + READ_AT_ONCE);
    parts.push(...(await Promise.all(group.map(({ chunk }) => readChunk(work, ref, chunk)))));
  }
  await work.write(workKeys.result(ref), parts.join(''), NDJSON);
  const counts = countsOf(job.total!, chunks);
  const segments = segmentsOf(chunks);
  return jobs.advance(ref, ['running'], {
    state: endStateOf(counts),
    succeeded: counts.succeeded,
    failed: counts.failed,
    ...(segments && { segments }),
    finished_at: new Date(now()).toISOString(),
  });
}

async function readChunk(work: ObjectStore, ref: JobRef, chunk: number): Promise<string> {
  const stored = await work.read(workKeys.chunk(ref, chunk));
  return new TextDecoder().decode(stored!.bytes);
}
