import type { IdempotencyRecord, JobRecord } from '@kilat/contracts';
import type { IdempotencyStore, JobStore, ObjectStore } from '@kilat/core';

/** The example of RFC 9562, appendix A.6: made at 2022-02-22T19:22:22Z. */
export const JOB_ID = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
export const JOB_TIME = Date.UTC(2022, 1, 22, 19, 22, 22);

export const aJob = (parts: Partial<JobRecord> = {}): JobRecord => ({
  job_id: JOB_ID,
  tenant_id: 'acme',
  user_id: 'u1',
  request_id: 'req-1',
  state: 'running',
  model: 'tiny',
  top_k: 2,
  input: 'items',
  total: 100,
  chunks: 5,
  started_at: new Date(JOB_TIME).toISOString(),
  ...parts,
});

const missing = (): never => {
  throw new Error('the case does not need this');
};

export function memoryIdempotency(): IdempotencyStore {
  const records = new Map<string, IdempotencyRecord>();
  const nameOf = ({ owner, key }: IdempotencyRecord): string => `${owner}#${key}`;
  return {
    async claim(record) {
      const held = records.get(nameOf(record));
      if (!held) records.set(nameOf(record), record);
      return held;
    },
    async replace(held, by) {
      const current = records.get(nameOf(held))!;
      if (current.job_id !== held.job_id || current.locked_until !== held.locked_until) return false;
      records.set(nameOf(by), by);
      return true;
    },
    async settle(record, changes) {
      const current = records.get(nameOf(record))!;
      if (current.job_id === record.job_id) records.set(nameOf(record), { ...current, ...changes });
    },
  };
}

/** A bucket in memory; every write gives a new version, `v1`, `v2` and so on. */
export function memoryBucket(): ObjectStore & { readonly objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  const versions = new Map<string, string>();
  const put = (key: string, body: Uint8Array | string): void => {
    objects.set(key, typeof body === 'string' ? new TextEncoder().encode(body) : body);
    versions.set(key, `v${versions.size + 1}`);
  };
  return {
    objects,
    async read(key, { range } = {}) {
      const bytes = objects.get(key);
      return bytes && { bytes: range ? bytes.slice(...range) : bytes, modifiedAtMs: JOB_TIME };
    },
    write: async (key, body) => put(key, body),
    async writeOnce(key, body) {
      if (!objects.has(key)) put(key, body);
      return new TextDecoder().decode(objects.get(key));
    },
    async *list(prefix) {
      yield* [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
    copy: async ({ key, target }) => put(target, objects.get(key)!),
    async remove(key) {
      objects.delete(key);
      versions.delete(key);
    },
    versionOf: async (key) => versions.get(key),
    link: async (key) => `https://bucket.example.com/${key}`,
  };
}

/** One job and its chunks in memory; `select` is what lists are tested with over the real table. */
export function memoryJobs(...jobs: JobRecord[]): JobStore {
  const records = new Map(jobs.map((job) => [job.job_id, job]));
  const chunks = new Map<number, { chunk: number; succeeded: number; failed: number }>();
  const completed = new Set<number>();
  return {
    create: async (job) => void (records.has(job.job_id) || records.set(job.job_id, job)),
    remove: async ({ jobId }) => void records.delete(jobId),
    find: async ({ tenantId, jobId }) => {
      const job = records.get(jobId);
      return job?.tenant_id === tenantId ? job : undefined;
    },
    select: missing,
    async advance({ jobId }, from, changes) {
      const job = records.get(jobId);
      if (!job || !from.includes(job.state)) return undefined;
      records.set(jobId, { ...job, ...changes });
      return records.get(jobId);
    },
    putChunk: async (_, chunk) => void chunks.set(chunk.chunk, chunk),
    findChunk: async (_, chunk) => chunks.get(chunk),
    chunks: async () => [...chunks.values()].sort((a, b) => a.chunk - b.chunk),
    completeChunk: async (_, chunk) => completed.add(chunk).size,
  };
}
