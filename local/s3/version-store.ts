import type { Checksum } from './checksums.ts';
import type { Database } from './database.ts';

/** The id of the one version that a bucket without versioning keeps of a key. */
export const NULL_VERSION = 'null';

/** A piece of an object: a file of bytes that never change. */
export interface StoredPart {
  readonly blob: string;
  readonly sizeBytes: number;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface StoredObject {
  readonly etag: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** What comes back with the object as headers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly checksum?: Checksum | undefined;
  /** The object's bytes, in order. More than one where it was uploaded in parts. */
  readonly parts: readonly StoredPart[];
}

/** A version of a key; a delete marker is one without bytes. */
export interface ObjectVersion extends StoredObject {
  readonly seq: number;
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly isDeleteMarker: boolean;
}

export type NewVersion = Omit<ObjectVersion, 'seq'>;

interface Row {
  readonly seq: number;
  readonly bucket: string;
  readonly key: string;
  readonly version_id: string;
  readonly is_delete_marker: number;
  readonly record: string;
}

const IS_LATEST = `NOT EXISTS (
  SELECT 1 FROM version newer WHERE newer.bucket = version.bucket AND newer.key = version.key AND newer.seq > version.seq
)`;

export class VersionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The latest version, which may be a delete marker. */
  latest(bucket: string, key: string): ObjectVersion | undefined {
    const sql = 'SELECT * FROM version WHERE bucket = ? AND key = ? ORDER BY seq DESC LIMIT 1';
    return toVersion(this.#database.get<Row>(sql, bucket, key));
  }

  isLatest({ bucket, key, seq }: ObjectVersion): boolean {
    return this.latest(bucket, key)?.seq === seq;
  }

  byId(bucket: string, key: string, versionId: string): ObjectVersion | undefined {
    const sql = 'SELECT * FROM version WHERE bucket = ? AND key = ? AND version_id = ?';
    return toVersion(this.#database.get<Row>(sql, bucket, key, versionId));
  }

  /** Makes a version the latest of its key, in the place of another with the same id, which is returned. */
  add(version: NewVersion): ObjectVersion | undefined {
    const { bucket, key, versionId, isDeleteMarker, ...record } = version;
    return this.#database.transaction(() => {
      const replaced = this.byId(bucket, key, versionId);
      if (replaced) this.remove(replaced);
      this.#database.run(
        'INSERT INTO version (bucket, key, version_id, is_delete_marker, record) VALUES (?, ?, ?, ?, ?)',
        bucket,
        key,
        versionId,
        Number(isDeleteMarker),
        JSON.stringify(record),
      );
      return replaced;
    });
  }

  retag({ seq }: ObjectVersion, tags: readonly Tag[]): void {
    this.#database.run(
      "UPDATE version SET record = json_set(record, '$.tags', json(?)) WHERE seq = ?",
      JSON.stringify(tags),
      seq,
    );
  }

  remove({ seq }: ObjectVersion): void {
    this.#database.run('DELETE FROM version WHERE seq = ?', seq);
  }

  hasAny(bucket: string): boolean {
    return this.#database.get('SELECT 1 FROM version WHERE bucket = ? LIMIT 1', bucket) !== undefined;
  }

  /** The objects of a bucket that follow a key, in the order of their keys. */
  *objects(bucket: string, prefix: string, afterKey: string): Generator<ObjectVersion> {
    const sql = `
      SELECT * FROM version WHERE bucket = ? AND key >= ? AND key > ? AND NOT is_delete_marker AND ${IS_LATEST}
      ORDER BY key`;
    for (const row of this.#database.iterate<Row>(sql, bucket, prefix, afterKey)) yield toVersion(row);
  }

  /**
   * Every version and delete marker that follows a place in the bucket; of one key the newest first.
   * @param afterSeq the version of `afterKey` to go on from; 0 passes by the whole key
   */
  *histories(bucket: string, prefix = '', afterKey = '', afterSeq = 0): Generator<ObjectVersion> {
    const sql = `
      SELECT * FROM version WHERE bucket = ? AND key >= ? AND (key > ? OR (key = ? AND seq < ?))
      ORDER BY key, seq DESC`;
    for (const row of this.#database.iterate<Row>(sql, bucket, prefix, afterKey, afterKey, afterSeq)) {
      yield toVersion(row);
    }
  }

  /** The name of every blob that a version is made of. */
  blobs(): string[] {
    const sql = "SELECT part.value ->> '$.blob' AS blob FROM version, json_each(version.record, '$.parts') AS part";
    return this.#database.all<{ blob: string }>(sql).map((row) => row.blob);
  }
}

function toVersion(row: Row): ObjectVersion;
function toVersion(row: Row | undefined): ObjectVersion | undefined;
function toVersion(row: Row | undefined): ObjectVersion | undefined {
  if (!row) return undefined;
  return {
    ...(JSON.parse(row.record) as StoredObject),
    seq: row.seq,
    bucket: row.bucket,
    key: row.key,
    versionId: row.version_id,
    isDeleteMarker: row.is_delete_marker === 1,
  };
}
