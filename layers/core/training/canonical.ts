import type { Cell, Row } from '../learning/index.ts';
import { type Dataset, type DatasetColumn, type RowOrigin, rowOrigins } from './dataset.ts';

/** @returns 64 hexadecimal digits */
export type Sha256 = (text: string) => string;

/**
 * The content of a dataset as text, by which it is known whatever file holds it: the columns, then each row in its
 * order, with whether it is held out and where it came from. Numbers are written as JSON does, the shortest that reads
 * back as the same double.
 */
export function canonicalText({ columns, rows, heldOut, origins }: Dataset): string {
  const names = columns.map(({ name }) => name);
  const lines = rows.map((row, index) => JSON.stringify([heldOut[index], origins[index], ...cellsOf(row, names)]));
  return [JSON.stringify(columns.map(({ name, type }) => [name, type])), ...lines].join('\n');
}

const cellsOf = (row: Row, names: readonly string[]): Cell[] => names.map((name) => row[name] ?? null);

/** What a dataset is made of. */
export interface DatasetParts {
  readonly columns: readonly DatasetColumn[];
  readonly source: readonly Row[];
  readonly feedback: readonly { readonly row: Row; readonly heldOut: boolean }[];
  readonly keyOf: (row: Row) => string;
  /** chooses which rows are held out */
  readonly seed: number;
  readonly sha256: Sha256;
}

/** One row in five. */
const HELD_OUT_SHARE = 0.2;

/**
 * Puts a dataset together: the source's rows in the order of their keys, then what users corrected. Whether a row is
 * held out follows from its key and the seed alone, so that a row which was held out once is held out from every model
 * that comes after, and rows of one key are never parted. A correction keeps the side that it was given.
 */
export function assembleDataset({ columns, source, feedback, keyOf, seed, sha256 }: DatasetParts): Dataset {
  const keyed = source
    .map((row) => ({ row, key: keyOf(row), origin: 'source' as RowOrigin }))
    .sort((a, b) => compare(a.key, b.key));
  const corrected = feedback.map(({ row, heldOut }) => ({ row, heldOut, origin: 'feedback' as RowOrigin }));
  const all = [...keyed.map((one) => ({ ...one, heldOut: isHeldOut(sha256(`${seed}\n${one.key}`)) })), ...corrected];
  return {
    columns: columnsOf(
      columns,
      all.map(({ row }) => row),
    ),
    rows: all.map(({ row }) => row),
    heldOut: Uint8Array.from(all, ({ heldOut }) => (heldOut ? 1 : 0)),
    origins: all.map(({ origin }) => origin),
  };
}

/** By UTF-16 code units, as everywhere: no locale orders rows anew. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const isHeldOut = (digest: string): boolean => Number.parseInt(digest.slice(0, 12), 16) / 2 ** 48 < HELD_OUT_SHARE;

/** The known columns, and what else the rows have, which validation will name. */
function columnsOf(columns: readonly DatasetColumn[], rows: readonly Row[]): DatasetColumn[] {
  const known = new Set(columns.map(({ name }) => name));
  const others = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => !known.has(name)).sort();
  return [...columns, ...others.map((name) => ({ name, type: 'text' as const }))];
}

/** Whether a text names an origin. */
export const isOrigin = (text: unknown): text is RowOrigin => rowOrigins.some((origin) => origin === text);
