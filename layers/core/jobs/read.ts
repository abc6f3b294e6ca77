import {
  type Identity,
  type Job,
  type JobPage,
  type JobRecord,
  type JobResult,
  type JobResultLine,
  type JobsQuery,
  limits,
} from '@kilat/contracts';
import { JobHasEndedError, JobNotFoundError, JobResultNotAvailableError } from '../errors.ts';
import { visibleTo } from '../history.ts';
import { decodeCursor, decodeIndex, encodeCursor } from '../prediction-id.ts';
import { chunkItemsOf, hasEnded, jobView } from './progress.ts';
import { type ControlQueue, fromNdjson, type JobStore, type ObjectStore, refOf, workKeys } from './store.ts';

export interface JobReadPorts {
  readonly jobs: JobStore;
  readonly work: ObjectStore;
  /** epoch milliseconds */
  readonly now: () => number;
}

/** @throws {InvalidRequestError} when the cursor is not one of ours */
export async function listJobs(ports: JobReadPorts, identity: Identity, query: JobsQuery): Promise<JobPage> {
  const { jobs, last } = await ports.jobs.select({
    scope: visibleTo(identity),
    ...(query.next_cursor && { before: decodeCursor(query.next_cursor) }),
    limit: query.limit,
  });
  return {
    items: await Promise.all(jobs.map((job) => viewOf(ports, job))),
    ...(last && { next_cursor: encodeCursor(last) }),
  };
}

/** @throws {JobNotFoundError} when there is none, or it is another's */
export async function showJob(ports: JobReadPorts, identity: Identity, jobId: string): Promise<Job> {
  return viewOf(ports, await ownJob(ports.jobs, identity, jobId));
}

/** What has begun is ended; nothing more is begun. @throws {JobNotFoundError} @throws {JobHasEndedError} */
export async function cancelJob(
  ports: JobReadPorts & { readonly control: ControlQueue },
  identity: Identity,
  jobId: string,
): Promise<JobRecord> {
  const job = await ownJob(ports.jobs, identity, jobId);
  const changes = { state: 'cancelled', finished_at: new Date(ports.now()).toISOString() } as const;
  const cancelled = await ports.jobs.advance(refOf(job), ['queued', 'planning', 'running'], changes);
  if (!cancelled) throw new JobHasEndedError((await ownJob(ports.jobs, identity, jobId)).state);
  await ports.control.send({ tenant_id: job.tenant_id, job_id: jobId, step: 'notify' });
  return cancelled;
}

/**
 * A page of a job's answers, and a link to all of them.
 * @throws {JobNotFoundError} @throws {JobResultNotAvailableError} while it runs, and when it never ran to its end
 */
export async function showResult(
  ports: JobReadPorts,
  identity: Identity,
  { jobId, limit, next_cursor }: JobsQuery & { readonly jobId: string },
): Promise<JobResult> {
  const job = await ownJob(ports.jobs, identity, jobId);
  if (!hasEnded(job) || !job.total || job.succeeded === undefined) throw new JobResultNotAvailableError(job.state);
  const from = next_cursor ? decodeIndex(next_cursor) : 0;
  const to = Math.min(from + limit, job.total);
  return {
    job_id: jobId,
    url: await ports.work.link(workKeys.result(refOf(job)), limits.jobs.resultUrlSeconds),
    url_expires_at: new Date(ports.now() + limits.jobs.resultUrlSeconds * 1000).toISOString(),
    items: await linesFrom(ports.work, job, from, to),
    ...(to < job.total && { next_cursor: encodeCursor(String(to)) }),
  };
}

async function ownJob(jobs: JobStore, identity: Identity, jobId: string): Promise<JobRecord> {
  const { tenantId, userId } = visibleTo(identity);
  const job = await jobs.find({ tenantId, jobId });
  if (!job || (userId && job.user_id !== userId)) throw new JobNotFoundError(jobId);
  return job;
}

export async function viewOf({ jobs, now }: JobReadPorts, job: JobRecord): Promise<Job> {
  const isCounted = job.succeeded !== undefined || !job.total;
  return jobView(job, isCounted ? [] : await jobs.chunks(refOf(job)), now());
}

/** Pages are cut out of the chunks' own files, a few of which are read instead of the whole result. */
async function linesFrom(work: ObjectStore, job: JobRecord, from: number, to: number): Promise<JobResultLine[]> {
  const ref = refOf(job);
  const chunkItems = chunkItemsOf(job);
  const first = Math.floor(from / chunkItems);
  const count = Math.max(0, Math.ceil(to / chunkItems) - first);
  const files = await Promise.all(
    Array.from({ length: count }, (_, index) => work.read(workKeys.chunk(ref, first + index))),
  );
  return files
    .flatMap((file) => fromNdjson(new TextDecoder().decode(file!.bytes)))
    .map((line) => JSON.parse(line) as JobResultLine)
    .filter(({ index }) => index >= from && index < to);
}
