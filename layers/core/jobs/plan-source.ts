import {
  type Identity,
  type ImageReference,
  imageReferenceSchema,
  type JobRecord,
  type JobRequest,
  type JobSource,
  limits,
  type PlanLine,
} from '@kilat/contracts';
import { SourceNotFoundError, TooManyItemsError } from '../errors.ts';
import { isRefusal, itemProblem } from './item-problem.ts';
import { readManifestRows } from './manifest.ts';
import { instanceLines, type TablePorts } from './plan-instances.ts';
import { type ObjectStore, refOf, workKeys } from './store.ts';
import { assertReadable } from './tenant-keys.ts';

export interface SourcePorts extends TablePorts {
  readonly work: ObjectStore;
  readonly matchesGlob: (path: string, pattern: string) => boolean;
  /** @throws {MalformedRequestError} when the text is not base64 */
  readonly decodeBase64: (text: string) => Uint8Array;
}

/**
 * The lines of a job's plan, one an item, in the order of its source.
 * @throws {SourceNotFoundError} when there is nothing to classify
 * @throws {TooManyItemsError} @throws {InvalidManifestError}
 */
export async function planLines(ports: SourcePorts, job: JobRecord, request: JobRequest): Promise<PlanLine[]> {
  const lines = await linesOf(ports, job, request);
  if (lines.length > limits.jobs.maxItems) throw new TooManyItemsError(limits.jobs.maxItems);
  if (lines.length === 0) throw new SourceNotFoundError('the source holds nothing to classify');
  return lines;
}

async function linesOf(ports: SourcePorts, job: JobRecord, request: JobRequest): Promise<PlanLine[]> {
  const { items, uploads, source, manifest } = request;
  if (job.task === 'tabular-classification') {
    const keys = source ? (await listed(ports, source)).map(({ input }) => input) : (uploads ?? [manifest!]);
    return instanceLines(ports, request, keys);
  }
  if (items) return inGroups(items, (item, index) => lineOfItem(ports, job, imageReferenceSchema.parse(item), index));
  if (uploads) return uploads.map((key) => ({ input: key, key }));
  if (source) return listed(ports, source);
  return rowsOf(ports, job, manifest!);
}

const STAGED_AT_ONCE = 16;

/** Maps a few at a time, in order: 1,000 photos must not be on their way to S3 all at once. */
async function inGroups<T, R>(items: readonly T[], map: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += STAGED_AT_ONCE) {
    const group = items.slice(start, start + STAGED_AT_ONCE);
    results.push(...(await Promise.all(group.map((item, index) => map(item, start + index)))));
  }
  return results;
}

async function lineOfItem(ports: SourcePorts, job: JobRecord, item: ImageReference, index: number): Promise<PlanLine> {
  if ('image_url' in item) return { input: item.image_url, url: item.image_url };
  const input = `items/${index}`;
  return orProblem(input, async () => {
    const staged = workKeys.item(refOf(job), index);
    await ports.work.write(staged, ports.decodeBase64(item.image_base64), 'application/octet-stream');
    return { input, staged };
  });
}

/** What is wrong with one item is that item's affair. */
async function orProblem(input: string, line: () => Promise<PlanLine> | PlanLine): Promise<PlanLine> {
  try {
    return await line();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { input, problem: itemProblem(error) };
  }
}

async function listed({ inbox, matchesGlob }: SourcePorts, source: JobSource): Promise<PlanLine[]> {
  const { prefix, include = ['**'], exclude = [] } = source;
  const lines: PlanLine[] = [];
  for await (const key of inbox.list(prefix)) {
    const rest = key.slice(prefix.length).replace(/^\//, '');
    const matches = (pattern: string): boolean => matchesGlob(rest, pattern);
    if (rest === '' || key.endsWith('/') || !include.some(matches) || exclude.some(matches)) continue;
    lines.push({ input: key, key });
    if (lines.length > limits.jobs.maxItems) break;
  }
  return lines;
}

async function rowsOf({ inbox }: SourcePorts, job: JobRecord, manifest: string): Promise<PlanLine[]> {
  const stored = await inbox.read(manifest, { maxBytes: limits.jobs.maxManifestBytes });
  if (!stored) throw new SourceNotFoundError(`there is no manifest '${manifest}'`);
  const rows = readManifestRows(manifest, new TextDecoder().decode(stored.bytes));
  // A job keeps no groups: a manifest of an admin's reaches no further than one of a user's.
  const identity: Identity = { tenantId: job.tenant_id, userId: job.user_id, isAdmin: false };
  return Promise.all(
    rows.map((row) => {
      if ('error' in row) return { input: `line ${row.line}`, problem: itemProblem(row.error) };
      if ('url' in row) return { input: row.url, url: row.url };
      return orProblem(row.key, () => {
        assertReadable(identity, row.key);
        return { input: row.key, key: row.key };
      });
    }),
  );
}
