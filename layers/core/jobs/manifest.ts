import { InvalidManifestError } from '../errors.ts';
import { csvFields } from './csv.ts';

/** A row of a manifest, or what is wrong with it. */
export type ManifestRow =
  | { readonly line: number; readonly key: string }
  | { readonly line: number; readonly url: string }
  | { readonly line: number; readonly error: InvalidManifestError };

type RowReader = (lines: readonly string[]) => ManifestRow[];

const readers: Readonly<Record<string, RowReader>> = { ndjson: readNdjson, jsonl: readNdjson, csv: readCsv };

/**
 * The rows of a manifest: NDJSON or CSV (RFC 4180) by the name's ending. A wrong row is told in its place, so that the
 * others count.
 * @throws {InvalidManifestError} when the file as a whole makes no sense
 */
export function readManifestRows(name: string, text: string): ManifestRow[] {
  const read = readers[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];
  if (!read) throw new InvalidManifestError(`'${name}' is no manifest; its name ends in .ndjson, .jsonl or .csv`);
  return read(text.replace(/^\uFEFF/, '').split(/\r?\n/));
}

function readNdjson(lines: readonly string[]): ManifestRow[] {
  return lines.flatMap((text, index) => (text.trim() === '' ? [] : [rowOf(index + 1, parseObject(text))]));
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function readCsv(lines: readonly string[]): ManifestRow[] {
  const names = csvFields(lines[0] ?? '')?.map((name) => name.trim()) ?? [];
  if (!names.includes('key') && !names.includes('image_url')) {
    throw new InvalidManifestError("the first line of the CSV file names no column 'key' and none 'image_url'");
  }
  return lines.slice(1).flatMap((text, index) => (text.trim() === '' ? [] : [rowOf(index + 2, csvRow(names, text))]));
}

function csvRow(names: readonly string[], text: string): Record<string, unknown> | undefined {
  const fields = csvFields(text);
  if (fields?.length !== names.length) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, fields[index] || undefined]));
}

function rowOf(line: number, value: Record<string, unknown> | undefined): ManifestRow {
  const { key, image_url: url } = value ?? {};
  if (typeof key === 'string' && key !== '' && url === undefined) return { line, key };
  if (typeof url === 'string' && url !== '' && key === undefined) return { line, url };
  return { line, error: new InvalidManifestError(`line ${line} holds neither just a 'key' nor just an 'image_url'`) };
}
