import { statSync } from 'node:fs';
import { limits } from '@kilat/contracts';
import { UsageError } from '../errors.ts';
import { FileError, filesOf, STDIN } from '../files.ts';

/** Where the photos of a job are: on this machine, in the platform's bucket, or listed in a file. */
export type Source =
  | { readonly kind: 'files'; readonly files: readonly string[] }
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'manifest'; readonly file: string };

const PREFIX = 's3:';
const MANIFEST = /\.(ndjson|jsonl|csv|parquet)$/i;

/**
 * What the words of a command line stand for.
 * @throws {UsageError} when they mix kinds
 * @throws {FileError} when a file is missing or too large: better now than after an hour of uploads
 */
export function sourceOf(words: readonly string[]): Source {
  const [first] = words;
  const isSpecial = (word: string): boolean => word.startsWith(PREFIX) || MANIFEST.test(word) || word === STDIN;
  if (!words.some(isSpecial)) return { kind: 'files', files: assertImages(filesOf(words)) };
  if (words.length > 1 || first === STDIN) throw new UsageError(`expected photos, or one ${PREFIX}prefix or manifest`);
  if (first!.startsWith(PREFIX)) return { kind: 'prefix', prefix: first!.slice(PREFIX.length) };
  assertSize(first!, limits.jobs.maxManifestBytes);
  return { kind: 'manifest', file: first! };
}

function assertImages(files: readonly string[]): readonly string[] {
  for (const file of files) assertSize(file, limits.maxImageBytes);
  return files;
}

function assertSize(file: string, maxBytes: number): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new FileError('unreadable-file', `${file}: no such file`);
  if (found.isDirectory()) throw new FileError('unreadable-file', `${file}: a folder without images`);
  if (found.size > maxBytes) {
    throw new FileError('image-too-large', `${file}: ${found.size} bytes, where ${maxBytes} are allowed`);
  }
}
