import type {
  ChunkMessage,
  ChunkRecord,
  ControlMessage,
  IdempotencyRecord,
  JobRecord,
  JobState,
} from '@kilat/contracts';
import type { HistoryScope } from '../history.ts';

export interface JobRef {
  readonly tenantId: string;
  readonly jobId: string;
}

export const refOf = (record: Pick<JobRecord, 'tenant_id' | 'job_id'>): JobRef => ({
  tenantId: record.tenant_id,
  jobId: record.job_id,
});

export interface JobSelection {
  readonly scope: HistoryScope;
  /** only jobs older than this one */
  readonly before?: string;
  readonly limit: number;
}

/** Every write may come twice, and changes nothing the second time. */
export interface JobStore {
  create(job: JobRecord): Promise<void>;
  remove(ref: JobRef): Promise<void>;
  find(ref: JobRef): Promise<JobRecord | undefined>;
  /** @returns the newest first, at most `limit`; `last` is the id of the last where there are more */
  select(selection: JobSelection): Promise<{ jobs: JobRecord[]; last?: string }>;
  /** Changes a job that is in one of these states. @returns the job afterwards; undefined where it is in another */
  advance(ref: JobRef, from: readonly JobState[], changes: Partial<JobRecord>): Promise<JobRecord | undefined>;
  putChunk(ref: JobRef, chunk: ChunkRecord): Promise<void>;
  findChunk(ref: JobRef, chunk: number): Promise<ChunkRecord | undefined>;
  /** In the order of the chunks. */
  chunks(ref: JobRef): Promise<ChunkRecord[]>;
  /** Notes that a chunk is done. @returns how many chunks are */
  completeChunk(ref: JobRef, chunk: number): Promise<number>;
}

export interface IdempotencyStore {
  /**
   * Takes a key that nobody holds.
   * @returns undefined when it is taken now, else what holds it
   */
  claim(record: IdempotencyRecord): Promise<IdempotencyRecord | undefined>;
  /** Replaces what was read before, unless another did meanwhile. @returns whether it did */
  replace(held: IdempotencyRecord, by: IdempotencyRecord): Promise<boolean>;
  settle(record: IdempotencyRecord, changes: Pick<IdempotencyRecord, 'is_done' | 'locked_until'>): Promise<void>;
}

export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly modifiedAtMs: number;
}

export interface ReadOptions {
  readonly versionId?: string | undefined;
  /** bytes, the end left out */
  readonly range?: readonly [from: number, to: number];
  /** An object of more bytes is refused with an ImageTooLargeError before it is read. */
  readonly maxBytes?: number;
}

/** A bucket. */
export interface ObjectStore {
  /** @returns undefined where there is no such object */
  read(key: string, options?: ReadOptions): Promise<StoredObject | undefined>;
  write(key: string, body: Uint8Array | string, mediaType: string): Promise<void>;
  /** Writes unless there is one already. @returns what the key holds then: the first writer's */
  writeOnce(key: string, body: string, mediaType: string): Promise<string>;
  list(prefix: string): AsyncIterable<string>;
  copy(from: { readonly key: string; readonly versionId: string | undefined; readonly target: string }): Promise<void>;
  /** For good where a version is named. */
  remove(key: string, versionId: string | undefined): Promise<void>;
  /** @returns the newest version of an object; undefined where there is none */
  versionOf(key: string): Promise<string | undefined>;
  /** A link that opens this one object for so many seconds. */
  link(key: string, seconds: number): Promise<string>;
}

export interface ControlQueue {
  send(message: ControlMessage): Promise<void>;
}

export interface ChunkQueue {
  sendAll(messages: readonly ChunkMessage[]): Promise<void>;
}

/** Keys in the work bucket; every one begins with the tenant's. */
const folderOf = ({ tenantId, jobId }: JobRef): string => `${tenantId}/jobs/${jobId}`;

export const numbered = (chunk: number): string => String(chunk).padStart(6, '0');

export const workKeys = {
  request: (ref: JobRef): string => `${folderOf(ref)}/request.json`,
  plan: (ref: JobRef): string => `${folderOf(ref)}/plan.ndjson`,
  item: (ref: JobRef, index: number): string => `${folderOf(ref)}/items/${numbered(index)}`,
  chunk: (ref: JobRef, chunk: number): string => `${folderOf(ref)}/chunks/${numbered(chunk)}.ndjson`,
  result: (ref: JobRef): string => `${folderOf(ref)}/result.ndjson`,
};

export const NDJSON = 'application/x-ndjson';

export const toNdjson = (lines: readonly unknown[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('');

export const fromNdjson = (text: string): string[] => text.split('\n').filter((line) => line !== '');
