import type { Checksum, ChecksumAlgorithm } from './checksums.ts';
import type { Database } from './database.ts';
import type { StoredPart, Tag } from './version-store.ts';

/** An upload in parts that is neither completed nor aborted. */
export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly startedAtMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly algorithm?: ChecksumAlgorithm | undefined;
  readonly checksumType?: Checksum['type'] | undefined;
}

export interface UploadedPart extends StoredPart {
  readonly number: number;
  readonly etag: string;
  readonly modifiedAtMs: number;
  readonly checksum?: Checksum | undefined;
}

interface Row {
  readonly record: string;
}

export class UploadStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(upload: Upload): void {
    const { id, bucket, key } = upload;
    this.#database.run('INSERT INTO upload VALUES (?, ?, ?, ?)', id, bucket, key, JSON.stringify(upload));
  }

  find(bucket: string, key: string, id: string): Upload | undefined {
    const sql = 'SELECT record FROM upload WHERE bucket = ? AND key = ? AND id = ?';
    const row = this.#database.get<Row>(sql, bucket, key, id);
    return row && JSON.parse(row.record);
  }

  /** The uploads of a bucket, by key; those of one key in the order they were started. */
  all(bucket: string): Upload[] {
    const sql = 'SELECT record FROM upload WHERE bucket = ? ORDER BY key, rowid';
    return this.#database.all<Row>(sql, bucket).map((row) => JSON.parse(row.record));
  }

  /** Those that follow a key, and of that key those that were started after the one with the id. */
  after(bucket: string, key: string, id: string): Upload[] {
    const sql = `
      SELECT record FROM upload WHERE bucket = ? AND (
        key > ? OR (key = ? AND rowid > (SELECT marker.rowid FROM upload AS marker WHERE marker.id = ?))
      ) ORDER BY key, rowid`;
    return this.#database.all<Row>(sql, bucket, key, key, id).map((row) => JSON.parse(row.record));
  }

  /** Adds a part, in the place of one with the same number, which is returned. */
  addPart(uploadId: string, part: UploadedPart): UploadedPart | undefined {
    const sql = 'SELECT record FROM part WHERE upload_id = ? AND number = ?';
    const replaced = this.#database.get<Row>(sql, uploadId, part.number);
    this.#database.run('REPLACE INTO part VALUES (?, ?, ?)', uploadId, part.number, JSON.stringify(part));
    return replaced && JSON.parse(replaced.record);
  }

  /** In the order of their numbers. */
  parts(uploadId: string): UploadedPart[] {
    const sql = 'SELECT record FROM part WHERE upload_id = ? ORDER BY number';
    return this.#database.all<Row>(sql, uploadId).map((row) => JSON.parse(row.record));
  }

  remove(uploadId: string): void {
    this.#database.run('DELETE FROM part WHERE upload_id = ?', uploadId);
    this.#database.run('DELETE FROM upload WHERE id = ?', uploadId);
  }

  /** The name of every blob that was uploaded as a part. */
  blobs(): string[] {
    return this.#database.all<{ blob: string }>("SELECT record ->> '$.blob' AS blob FROM part").map((row) => row.blob);
  }
}
