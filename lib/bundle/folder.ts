import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** What a folder is to hold: by path, bytes to write or a file to take as it is. */
export type Files = ReadonlyMap<string, Uint8Array | { readonly from: string }>;

/**
 * Makes a folder hold just these files. One that is right already is left alone, and one that is not is replaced
 * whole: a build running beside this one never reads half a file.
 */
export function writeFolder(folder: string, files: Files): void {
  mkdirSync(folder, { recursive: true });
  removeAllBut(folder, files);
  for (const [path, content] of files) {
    const target = join(folder, path);
    if (content instanceof Uint8Array) writeUnlessSame(target, content);
    else linkUnlessSame(target, content.from);
  }
}

function removeAllBut(folder: string, files: Files): void {
  const kept = new Set([...files.keys()].flatMap(withParents));
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!kept.has(path)) rmSync(join(folder, path), { recursive: true, force: true });
  }
}

/** `a/b/c` gives itself, `a/b` and `a`. */
const withParents = (path: string): string[] => (path === '.' ? [] : [path, ...withParents(dirname(path))]);

function writeUnlessSame(target: string, bytes: Uint8Array): void {
  if (statSync(target, { throwIfNoEntry: false })?.size === bytes.length && readFileSync(target).equals(bytes)) return;
  replace(target, (temporary) => writeFileSync(temporary, bytes));
}

/** A link costs nothing, whatever the weights of a model measure. */
function linkUnlessSame(target: string, source: string): void {
  if (statSync(target, { throwIfNoEntry: false })?.ino === statSync(source).ino) return;
  replace(target, (temporary) => {
    try {
      linkSync(source, temporary);
    } catch {
      copyFileSync(source, temporary); // another file system, or one without links
    }
  });
}

function replace(target: string, write: (temporary: string) => void): void {
  const temporary = `${target}.${process.pid}.tmp`;
  mkdirSync(dirname(target), { recursive: true });
  write(temporary);
  renameSync(temporary, target);
}
