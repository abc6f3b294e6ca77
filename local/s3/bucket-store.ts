import type { Database } from './database.ts';
import { S3Error } from './errors.ts';
import type { XmlTree } from './xml.ts';

export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly createdAtMs: number;
}

const COLUMNS = 'name, region, created_at_ms AS createdAtMs';

/** Buckets, and the configurations set on them. */
export class BucketStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(bucket: Bucket): void {
    this.#database.run('INSERT INTO bucket VALUES (?, ?, ?)', bucket.name, bucket.region, bucket.createdAtMs);
  }

  find(name: string): Bucket | undefined {
    return this.#database.get(`SELECT ${COLUMNS} FROM bucket WHERE name = ?`, name);
  }

  /** @throws {S3Error} NoSuchBucket */
  require(name: string): Bucket {
    const bucket = this.find(name);
    if (!bucket) throw new S3Error('NoSuchBucket', { members: { BucketName: name } });
    return bucket;
  }

  all(): Bucket[] {
    return this.#database.all(`SELECT ${COLUMNS} FROM bucket ORDER BY name`);
  }

  remove(name: string): void {
    this.#database.run('DELETE FROM configuration WHERE bucket = ?', name);
    this.#database.run('DELETE FROM bucket WHERE name = ?', name);
  }

  /** A configuration as the tree of its document. */
  configuration(bucket: string, kind: string): XmlTree | undefined {
    const row = this.#database.get<{ document: string }>(
      'SELECT document FROM configuration WHERE bucket = ? AND kind = ?',
      bucket,
      kind,
    );
    return row && JSON.parse(row.document);
  }

  configure(bucket: string, kind: string, document: XmlTree): void {
    this.#database.run('REPLACE INTO configuration VALUES (?, ?, ?)', bucket, kind, JSON.stringify(document));
  }

  removeConfiguration(bucket: string, kind: string): void {
    this.#database.run('DELETE FROM configuration WHERE bucket = ? AND kind = ?', bucket, kind);
  }
}
