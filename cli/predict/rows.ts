import { readFile } from 'node:fs/promises';
import {
  type Instance,
  type InstancePrediction,
  type InstancesResponse,
  instanceSchema,
  limits,
} from '@kilat/contracts';
import { readTableRows } from '@kilat/core';
import { rowFromText } from '@kilat/core/learning';
import type { Api } from '../api/client.ts';
import { CliError, UsageError } from '../errors.ts';
import { FileError } from '../files.ts';

const ROWS = /\.(csv|ndjson|jsonl|json)$/i;

/** Whether a word of a command line names a file of rows. */
export const isRowsFile = (word: string): boolean => ROWS.test(word);

export interface RowsQuery {
  readonly model?: string | undefined;
  readonly explain?: 'true' | 'false';
}

/**
 * Predicts the rows of a file, a thousand at a time, in their order.
 * @throws {FileError} when the file cannot be read, or a row of it @throws {ApiError} when the model refuses some
 */
export async function* predictRows(api: Api, file: string, query: RowsQuery): AsyncGenerator<InstancesResponse> {
  const instances = await readInstances(api, file, query.model);
  for (let first = 0; first < instances.length; first += limits.tabular.maxInstances) {
    const portion = instances.slice(first, first + limits.tabular.maxInstances);
    const answer = await api('predict', { query, body: { instances: portion } });
    if ('prediction_id' in answer) throw new CliError(`'${answer.model}' answers photos, and no rows`);
    yield answer;
  }
}

async function readInstances(api: Api, file: string, model: string | undefined): Promise<Instance[]> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new FileError('unreadable-file', `${file}: ${cause.code === 'ENOENT' ? 'no such file' : cause.message}`);
  });
  if (/\.json$/i.test(file)) return instancesOf(file, bytes.toString('utf8'));
  const rows = await readTableRows(file, bytes, noParquet);
  const { table } = await api('currentModel', { query: { model } });
  if (!table)
    throw new UsageError(`${file} holds rows, and ${model ? `'${model}'` : 'the default model'} takes photos`);
  return rows.map((row) => {
    if ('error' in row) throw new FileError('invalid-manifest', `${file}: ${row.error.message}`);
    return 'texts' in row ? rowFromText(table, row.texts) : row.instance;
  });
}

const noParquet = async (): Promise<never> => {
  throw new UsageError('a Parquet file is for "kilat jobs submit"');
};

/** A request's body, or its rows alone. */
function instancesOf(file: string, text: string): Instance[] {
  const parsed = instanceSchema.array().safeParse(rowsIn(file, text));
  if (parsed.success) return parsed.data;
  throw new FileError('malformed-request', `${file}: expected rows, or an object with "instances"`);
}

function rowsIn(file: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'instances' in value ? value.instances : value;
  } catch {
    throw new FileError('malformed-request', `${file}: it is no JSON`);
  }
}

/** What the table of the command line shows of a row. */
export const rowCells = ({ id, label, probability, segment, prediction_id }: InstancePrediction): string[] => [
  String(id ?? prediction_id),
  label,
  probability.toFixed(3),
  segment,
];
