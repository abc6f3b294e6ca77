import {
  type ChunkMessage,
  type ChunkRecord,
  type JobRecord,
  type JobResultLine,
  limits,
  type PlanLine,
  planLineSchema,
  type Segment,
  type SegmentCounts,
} from '@kilat/contracts';
import { derivedId } from '../derived-id.ts';
import { SourceNotFoundError } from '../errors.ts';
import type { Photo } from '../keep.ts';
import type { BatchPredict } from '../predict-batch.ts';
import { madeAt } from '../prediction-id.ts';
import { isRefusal, itemProblem } from './item-problem.ts';
import {
  type ControlQueue,
  fromNdjson,
  type JobStore,
  NDJSON,
  type ObjectStore,
  refOf,
  toNdjson,
  workKeys,
} from './store.ts';
import { type InstanceWorkPorts, predictedLines } from './work-instances.ts';

export interface ChunkPorts extends InstanceWorkPorts {
  readonly jobs: JobStore;
  readonly work: ObjectStore;
  readonly inbox: ObjectStore;
  readonly control: ControlQueue;
  readonly predict: BatchPredict;
  readonly fetchImage: (url: string) => Promise<Uint8Array>;
  /** @throws {PlatformError} when the bytes are no image that the API reads */
  readonly asPhoto: (bytes: Uint8Array) => Photo;
}

/**
 * Predicts one chunk of a job. Everything it writes follows from the job and the item, so that a second delivery
 * leaves what the first one left; the first result that is written stands, and the counts come from it.
 * @returns what the chunk came to, where it was done here
 */
export async function workChunk(ports: ChunkPorts, message: ChunkMessage): Promise<ChunkRecord | undefined> {
  const ref = refOf(message);
  const job = await ports.jobs.find(ref);
  if (job?.state !== 'running') return undefined; // cancelled, or ended long ago
  const known = await ports.jobs.findChunk(ref, message.chunk);
  const made = known ? undefined : await classifyChunk(ports, job, message);
  const done = await ports.jobs.completeChunk(ref, message.chunk);
  if (done === job.chunks) {
    await ports.control.send({ tenant_id: ref.tenantId, job_id: ref.jobId, step: 'finish' });
  }
  return made;
}

async function classifyChunk(ports: ChunkPorts, job: JobRecord, message: ChunkMessage): Promise<ChunkRecord> {
  const ref = refOf(job);
  const { chunk, first_index, from_byte, to_byte } = message;
  const part = await ports.work.read(workKeys.plan(ref), { range: [from_byte, to_byte] });
  const plan = fromNdjson(new TextDecoder().decode(part!.bytes)).map((line) => planLineSchema.parse(JSON.parse(line)));
  const lines =
    job.task === 'tabular-classification'
      ? await predictedLines(ports, job, plan, first_index)
      : await allOf(plan.map((line, index) => resultLine(ports, job, line, first_index + index)));
  const stored = await ports.work.writeOnce(workKeys.chunk(ref, chunk), toNdjson(lines), NDJSON);
  const record = countsIn(chunk, stored);
  await ports.jobs.putChunk(ref, record);
  return record;
}

/** Waits for all, also where one fails: none may be at work after its message was given back. */
async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

function countsIn(chunk: number, ndjson: string): ChunkRecord {
  const lines = fromNdjson(ndjson).map((line) => JSON.parse(line) as JobResultLine);
  const failed = lines.filter(({ problem }) => problem).length;
  const segments = countSegments(lines);
  return { chunk, succeeded: lines.length - failed, failed, ...(segments && { segments }) };
}

function countSegments(lines: readonly JobResultLine[]): SegmentCounts | undefined {
  if (lines.every(({ segment }) => segment === undefined)) return undefined;
  const count = (wanted: Segment): number => lines.filter(({ segment }) => segment === wanted).length;
  return { low: count('low'), medium: count('medium'), high: count('high') };
}

async function resultLine(ports: ChunkPorts, job: JobRecord, line: PlanLine, index: number): Promise<JobResultLine> {
  const { input, problem } = line;
  if (problem) return { index, input, problem };
  try {
    const record = await ports.predict({
      predictionId: derivedId(madeAt(job.job_id), ports.digest(`${job.job_id}#${index}`)),
      identity: { tenantId: job.tenant_id, userId: job.user_id },
      requestId: job.request_id,
      modelName: job.model,
      topK: job.top_k,
      source: 'batch',
      photo: async () => ports.asPhoto(await bytesOf(ports, line)),
    });
    const { prediction_id, model_version, predictions } = record;
    return { index, input, prediction_id, model_version, predictions };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { index, input, problem: itemProblem(error) };
  }
}

async function bytesOf({ work, inbox, fetchImage }: ChunkPorts, line: PlanLine): Promise<Uint8Array> {
  if (line.url) return fetchImage(line.url);
  const maxBytes = limits.maxImageBytes;
  const stored = line.key ? await inbox.read(line.key, { maxBytes }) : await work.read(line.staged!, { maxBytes });
  if (!stored) throw new SourceNotFoundError(`there is no object '${line.input}'`);
  return stored.bytes;
}
