import { type ChunkMessage, type JobRecord, jobRequestSchema, type PlanLine } from '@kilat/contracts';
import { DayQuotaSpentError } from '../errors.ts';
import type { Quota, Reservation } from '../quota/index.ts';
import { isRefusal, itemProblem } from './item-problem.ts';
import { planLines, type SourcePorts } from './plan-source.ts';
import { chunkItemsOf, hasEnded } from './progress.ts';
import { type ChunkQueue, type JobRef, type JobStore, NDJSON, refOf, toNdjson, workKeys } from './store.ts';

export interface PlanPorts extends SourcePorts {
  readonly jobs: JobStore;
  readonly batches: ChunkQueue;
  readonly quota: Pick<Quota, 'countPredictions'>;
  /** epoch milliseconds */
  readonly now: () => number;
}

/**
 * Reads a job's source, writes down what its items are, once, and sends them to the workers in chunks. When this is
 * told a second time, it sends the same chunks of the same plan, which the workers know by then.
 * @returns the job where it has ended, since its source is no good
 */
export async function planJob(ports: PlanPorts, ref: JobRef): Promise<JobRecord | undefined> {
  const job = await ports.jobs.advance(ref, ['queued', 'planning'], { state: 'planning' });
  const current = job ?? (await ports.jobs.find(ref));
  if (current && hasEnded(current)) return current;
  if (!current) return undefined; // taken back: nobody could be told of it
  try {
    await sendPlan(ports, current);
    return undefined;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return ports.jobs.advance(ref, ['planning'], { ...failed(ports), problem: itemProblem(error) });
  }
}

const failed = ({ now }: PlanPorts) => ({
  state: 'failed' as const,
  total: 0,
  succeeded: 0,
  failed: 0,
  finished_at: new Date(now()).toISOString(),
});

async function sendPlan(ports: PlanPorts, job: JobRecord): Promise<void> {
  const ref = refOf(job);
  const chunks = chunksOf(ref, await fixedPlan(ports, job), chunkItemsOf(job));
  const total = chunks.at(-1)!.first_index + chunks.at(-1)!.items;
  const started_at = job.started_at ?? new Date(ports.now()).toISOString();
  const changes = { state: 'running', total, chunks: chunks.length, started_at } as const;
  const running = await ports.jobs.advance(ref, ['planning', 'running'], changes);
  if (running) await ports.batches.sendAll(chunks.map(({ items: _, ...message }) => message)); // else it was cancelled
}

/** The first plan stands: what is added to the source later must not move the items of chunks that are under way. */
async function fixedPlan(ports: PlanPorts, job: JobRecord): Promise<string> {
  const key = workKeys.plan(refOf(job));
  const known = await ports.work.read(key);
  if (known) return new TextDecoder().decode(known.bytes);
  const stored = await ports.work.read(workKeys.request(refOf(job)));
  const request = jobRequestSchema.parse(JSON.parse(new TextDecoder().decode(stored!.bytes)));
  const lines = await planLines(ports, job, request);
  const { granted, giveBack } = await reserve(ports, job, lines);
  const plan = toNdjson(withinQuota(lines, granted));
  const standing = await ports.work.writeOnce(key, plan, NDJSON);
  if (standing !== plan) await giveBack(granted); // another delivery was faster, and counted them
  return standing;
}

/** An item counts against the day when it is planned, whether or not its photo can be read. */
function reserve({ quota }: PlanPorts, { tenant_id, user_id }: JobRecord, lines: PlanLine[]): Promise<Reservation> {
  const wanted = lines.filter(({ problem }) => !problem).length;
  return quota.countPredictions({ tenantId: tenant_id, userId: user_id }, wanted);
}

/** The first items have what was left of the day; the others are named as refused, and can be submitted another day. */
function withinQuota(lines: readonly PlanLine[], granted: number): PlanLine[] {
  const problem = itemProblem(new DayQuotaSpentError());
  let left = granted;
  return lines.map((line) => (line.problem || left-- > 0 ? line : { input: line.input, problem }));
}

/** Cuts a plan into chunks of so many whole lines. */
export function chunksOf(ref: JobRef, plan: string, chunkItems: number): (ChunkMessage & { readonly items: number })[] {
  const lines = plan.split(/(?<=\n)/);
  const encoder = new TextEncoder();
  const chunks: (ChunkMessage & { items: number })[] = [];
  let from_byte = 0;
  for (let first = 0; first < lines.length; first += chunkItems) {
    const own = lines.slice(first, first + chunkItems);
    const to_byte = from_byte + encoder.encode(own.join('')).length;
    const place = { chunk: chunks.length, first_index: first, from_byte, to_byte, items: own.length };
    chunks.push({ tenant_id: ref.tenantId, job_id: ref.jobId, ...place });
    from_byte = to_byte;
  }
  return chunks;
}
