import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LocalCloudError } from './errors.ts';

export const LOCK_FILE = 'lock.sqlite';

/**
 * Holds a folder until the returned function is called, or this process ends, however it ends: SQLite locks the file with
 * the operating system, so no lock is ever left behind, and no process of the same number is mistaken for its holder.
 * @param holder the process to name when another one holds the folder
 * @throws {LocalCloudError} when another process holds it
 */
export function lockFolder(path: string, holder: () => number | undefined): () => void {
  const lock = new DatabaseSync(join(path, LOCK_FILE));
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    const process = holder();
    const who = process === undefined ? 'another process' : `process ${process}`;
    throw new LocalCloudError(
      `the data folder ${path} is in use by ${who}: stop that one, or name another folder with --data`,
      { cause },
    );
  }
  return () => {
    if (lock.isOpen) lock.close();
  };
}
