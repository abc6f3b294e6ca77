import type { Job, JobState } from '@kilat/contracts';
import type { Api } from '../api/client.ts';
import { type WatchOptions, watched } from '../watch.ts';

const ends: readonly JobState[] = ['succeeded', 'partially_failed', 'failed', 'cancelled'];
export const hasEnded = ({ state }: Pick<Job, 'state'>): boolean => ends.includes(state);

/** Asks for a job until it has ended. */
export const watch = (api: Api, jobId: string, options: WatchOptions = {}): AsyncGenerator<Job> =>
  watched(() => api('getJob', { params: { job_id: jobId } }), hasEnded, options);
