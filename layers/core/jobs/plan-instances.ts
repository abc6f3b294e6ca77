import { type JobRequest, limits, type PlanLine } from '@kilat/contracts';
import { SourceNotFoundError } from '../errors.ts';
import { itemProblem } from './item-problem.ts';
import type { ObjectStore } from './store.ts';
import { isTableName, type ReadParquet, readTableRows, type TableRow } from './table-rows.ts';

/** What reads tables. */
export interface TablePorts {
  readonly inbox: ObjectStore;
  readonly readParquet: ReadParquet;
}

/**
 * The lines of a tabular job's plan, one a row, in the order of its tables. Whether a row is as the model's table says,
 * the worker finds out, with the very version that answers.
 * @param keys of the tables, where the request names some
 * @throws {SourceNotFoundError} when a table is not there @throws {InvalidManifestError} when one cannot be read
 */
export async function instanceLines(
  ports: TablePorts,
  request: JobRequest,
  keys: readonly string[],
): Promise<PlanLine[]> {
  if (request.items) {
    return request.items.map((item, index) => ({ input: `items/${index}`, instance: item }));
  }
  const lines: PlanLine[] = [];
  for (const key of keys) {
    if (keys.length > 1 && !isTableName(key)) continue; // a folder may hold more than tables
    lines.push(...(await linesOf(ports, key, keys.length > 1)));
    if (lines.length > limits.jobs.maxItems) break;
  }
  return lines;
}

async function linesOf({ inbox, readParquet }: TablePorts, key: string, isOneOfMany: boolean): Promise<PlanLine[]> {
  const stored = await inbox.read(key, { maxBytes: limits.jobs.maxManifestBytes });
  if (!stored) throw new SourceNotFoundError(`there is no table '${key}'`);
  const rows = await readTableRows(key, stored.bytes, readParquet);
  return rows.map((row) => lineOf(row, isOneOfMany ? `${key} ${row.place}` : row.place));
}

function lineOf(row: TableRow, input: string): PlanLine {
  if ('error' in row) return { input, problem: itemProblem(row.error) };
  return 'texts' in row ? { input, texts: row.texts } : { input, instance: row.instance };
}
