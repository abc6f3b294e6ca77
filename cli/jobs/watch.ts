import type { Job, JobState } from '@kilat/contracts';
import type { Api } from '../api/client.ts';
import { realWaiting, type Waiting } from '../api/retry.ts';
import { UnreachableError } from '../errors.ts';

const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 5000;

/** A job runs on while the line is down: so many questions in a row may go unanswered. */
const MAX_MISSES = 5;

const ends: readonly JobState[] = ['succeeded', 'partially_failed', 'failed', 'cancelled'];
export const hasEnded = ({ state }: Pick<Job, 'state'>): boolean => ends.includes(state);

/**
 * Asks for a job until it has ended, ever less often.
 * @yields what each question was answered with; the last has ended
 */
export async function* watch(
  api: Api,
  jobId: string,
  {
    signal,
    sleep = realWaiting.sleep,
  }: { readonly signal?: AbortSignal | undefined } & Partial<Pick<Waiting, 'sleep'>> = {},
): AsyncGenerator<Job> {
  let misses = 0;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 1.2, MAX_WAIT_MS)) {
    try {
      const job = await api('getJob', { params: { job_id: jobId } });
      misses = 0;
      yield job;
      if (hasEnded(job)) return;
    } catch (error) {
      if (!(error instanceof UnreachableError) || ++misses > MAX_MISSES) throw error;
    }
    await sleep(waitMs, signal);
  }
}
