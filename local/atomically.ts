import type { DatabaseSync } from 'node:sqlite';

/** Runs all of it or nothing. It may not be nested. */
export function atomically<T>(db: DatabaseSync, run: () => T): T {
  db.exec('begin immediate');
  try {
    const result = run();
    db.exec('commit');
    return result;
  } catch (error) {
    db.exec('rollback');
    throw error;
  }
}
