import { limits } from '@kilat/contracts';
import { ImageTooLargeError, SourceNotFoundError } from '@kilat/core';
import type { Row } from '@kilat/core/learning';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import * as z from 'zod';
import { objectStore } from './object-store.ts';

/** A value of a table, as any of the formats may hold it. */
const cellSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.bigint().transform(Number),
  z.undefined().transform(() => null),
  z.date().transform((date) => date.toISOString()),
]);
const rowSchema = z.record(z.string(), cellSchema);

/** RFC 4180 with a line of names; a byte order mark and blank lines are passed over. */
const readCsv = (bytes: Uint8Array): unknown[] => parse(bytes, { columns: true, bom: true, skip_empty_lines: true });

const readNdjson = (bytes: Uint8Array): unknown[] =>
  new TextDecoder('utf-8', { fatal: true })
    .decode(bytes)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));

const readParquet = (bytes: Uint8Array): Promise<unknown[]> => parquetReadObjects({ file: bytes.slice().buffer });

/** The formats of a source, by how its name ends. */
const readers: Readonly<Record<string, (bytes: Uint8Array) => Promise<unknown[]> | unknown[]>> = {
  csv: readCsv,
  ndjson: readNdjson,
  jsonl: readNdjson,
  parquet: readParquet,
};

/**
 * Reads the rows of files in a bucket.
 * @throws {SourceNotFoundError} when nothing is there, its name says no format, or it is not of that format
 */
export const tableSource =
  (bucket: string) =>
  async (key: string): Promise<Row[]> =>
    readTable(key, await readBytes(bucket, key));

/** @throws {SourceNotFoundError} as {@link tableSource} */
export async function readTable(key: string, bytes: Uint8Array): Promise<Row[]> {
  const read = readers[key.split('.').at(-1)!.toLowerCase()];
  if (!read) throw new SourceNotFoundError(`'${key}' has no ending that is known; known are .csv, .ndjson, .parquet`);
  const rows = await rowsIn(key, bytes, read);
  if (rows.length <= limits.training.maxRows) return rows;
  throw new SourceNotFoundError(`'${key}' has ${rows.length} rows; ${limits.training.maxRows} are allowed`);
}

async function rowsIn(key: string, bytes: Uint8Array, read: (bytes: Uint8Array) => unknown): Promise<Row[]> {
  try {
    return z.array(rowSchema).parse(await read(bytes));
  } catch (cause) {
    throw new SourceNotFoundError(`'${key}' cannot be read as rows of values`, { cause });
  }
}

async function readBytes(bucket: string, key: string): Promise<Uint8Array> {
  const { maxSourceBytes: maxBytes } = limits.training;
  try {
    const object = await objectStore(bucket).read(key, { maxBytes });
    if (object) return object.bytes;
  } catch (error) {
    if (!(error instanceof ImageTooLargeError)) throw error;
    throw new SourceNotFoundError(`'${key}' is larger than the ${maxBytes} bytes that are allowed`);
  }
  throw new SourceNotFoundError(`nothing is at '${key}'`);
}
