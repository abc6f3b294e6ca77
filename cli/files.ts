import { type Dirent, globSync, readdirSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { limits } from '@kilat/contracts';
import { CliError } from './errors.ts';

/** Stands for what comes on stdin. */
export const STDIN = '-';

/** The formats that the platform reads, as files are named. */
const IMAGE = /\.(jpe?g|png|webp|avif|gif)$/i;

/**
 * The files that words of a command line stand for: a folder for the images in it at any depth, a pattern for what it
 * matches. A word that stands for nothing stays, so that it is told of as a file that is not there.
 */
export const filesOf = (words: readonly string[]): string[] => [...new Set(words.flatMap(expanded))];

function expanded(word: string): string[] {
  if (word === STDIN) return [word];
  const found = statSync(word, { throwIfNoEntry: false }); // first: a file may well be named like a pattern
  const files = found ? (found.isDirectory() ? imagesIn(word) : [word]) : globSync(word).sort().flatMap(imagesOf);
  return files.length > 0 ? files : [word];
}

const imagesOf = (path: string): string[] => (statSync(path).isDirectory() ? imagesIn(path) : [path]);

const imagesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(isImage)
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();

/** Hidden files are not photos: macOS leaves `._three.jpg` beside each on foreign disks. */
const isImage = (entry: Dirent): boolean => entry.isFile() && !entry.name.startsWith('.') && IMAGE.test(entry.name);

/** A file that cannot be sent; `code` is the API's own where it would refuse alike. */
export class FileError extends CliError {
  override readonly name = 'FileError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** @throws {FileError} when it cannot be read, or is larger than the API takes: it need not be sent to be refused */
export async function readImage(file: string): Promise<Uint8Array<ArrayBuffer>> {
  if (file === STDIN) return new Uint8Array(await buffer(process.stdin));
  const { size } = await stat(file).catch(refuse);
  if (size > limits.maxImageBytes) {
    throw new FileError('image-too-large', `${size} bytes, where ${limits.maxImageBytes} are allowed`);
  }
  return new Uint8Array(await readFile(file).catch(refuse));
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'a folder without images',
  EACCES: 'this user may not read it',
};

function refuse({ code = 'unknown', message }: NodeJS.ErrnoException): never {
  throw new FileError('unreadable-file', reasons[code] ?? message);
}
