import { type Instance, instanceSchema } from '@kilat/contracts';
import { InvalidManifestError } from '../errors.ts';
import { csvFields } from './csv.ts';

/** A row of a file: in types, as text that has yet to get some, or what is wrong with it. */
export type TableRow = { readonly place: string } & (
  | { readonly instance: Instance }
  | { readonly texts: Readonly<Record<string, string>> }
  | { readonly error: InvalidManifestError }
);

/** @throws {InvalidManifestError} when the bytes are no Parquet file */
export type ReadParquet = (bytes: Uint8Array) => Promise<Record<string, unknown>[]>;

type Reader = (bytes: Uint8Array, readParquet: ReadParquet) => Promise<TableRow[]>;

function fromText(read: (lines: readonly string[]) => TableRow[]): Reader {
  return async (bytes) => read(new TextDecoder().decode(bytes).split(/\r?\n/)); // the decoder drops a byte order mark
}

const readers: Readonly<Record<string, Reader>> = {
  csv: fromText(readCsv),
  ndjson: fromText(readNdjson),
  jsonl: fromText(readNdjson),
  async parquet(bytes, readParquet) {
    return (await readParquet(bytes)).map((row, index) => rowOf(`row ${index + 1}`, row));
  },
};

/** Whether a file is a table, by its name. */
export const isTableName = (name: string): boolean => extensionOf(name) in readers;

/**
 * The rows of a table: CSV (RFC 4180), NDJSON or Parquet by the name's ending. A wrong row is told in its place.
 * @throws {InvalidManifestError} when the file as a whole makes no sense
 */
export async function readTableRows(name: string, bytes: Uint8Array, readParquet: ReadParquet): Promise<TableRow[]> {
  const read = readers[extensionOf(name)];
  if (!read) throw new InvalidManifestError(`'${name}' is no table; its name ends in ${endings}`);
  return read(bytes, readParquet);
}

const extensionOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1).toLowerCase();

const endings = Object.keys(readers)
  .map((extension) => `.${extension}`)
  .join(', ');

function readCsv(lines: readonly string[]): TableRow[] {
  const names = csvFields(lines[0] ?? '')?.map((name) => name.trim()) ?? [];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (names.length === 0 || names.includes('')) throw new InvalidManifestError('the first line names no columns');
  if (twice !== undefined) throw new InvalidManifestError(`the first line names the column '${twice}' twice`);
  return lines.slice(1).flatMap((text, index): TableRow[] => {
    if (text.trim() === '') return [];
    const place = `line ${index + 2}`;
    const fields = csvFields(text);
    if (fields?.length === names.length) {
      return [{ place, texts: Object.fromEntries(names.map((name, at) => [name, fields[at]!])) }];
    }
    const found = fields ? `${fields.length} fields` : 'a stray quote';
    return [{ place, error: new InvalidManifestError(`${place} has ${found}; expected ${names.length} fields`) }];
  });
}

function readNdjson(lines: readonly string[]): TableRow[] {
  return lines.flatMap((text, index) => (text.trim() === '' ? [] : [rowOf(`line ${index + 1}`, parsed(text))]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rowOf(place: string, value: unknown): TableRow {
  const instance = instanceSchema.safeParse(value);
  if (instance.success) return { place, instance: instance.data };
  const [issue] = instance.error.issues;
  const column = issue!.path.length > 0 ? ` in '${issue!.path.join('.')}'` : '';
  const detail = 'expected an object whose members are strings, numbers, booleans or null';
  return { place, error: new InvalidManifestError(`${place} is no row${column}: ${detail}`) };
}
