import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Challenge, Client, Group, ResourceServer, Session, User, UserPool } from './model.ts';

/** JSON documents by key, found again by a few indexed paths. Letter case does not matter to `findBy`. */
export class Table<T extends object, Path extends string> {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #all: StatementSync;
  readonly #byPath = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, name: string, paths: readonly Path[]) {
    db.exec(`CREATE TABLE IF NOT EXISTS ${name} (key TEXT PRIMARY KEY, doc TEXT NOT NULL) STRICT`);
    this.#get = db.prepare(`SELECT doc FROM ${name} WHERE key = ?`);
    this.#put = db.prepare(`INSERT INTO ${name} VALUES (?, ?) ON CONFLICT DO UPDATE SET doc = excluded.doc`);
    this.#delete = db.prepare(`DELETE FROM ${name} WHERE key = ?`);
    this.#all = db.prepare(`SELECT doc FROM ${name} ORDER BY key`);
    for (const path of paths) {
      const field = `json_extract(doc, '$.${path}') COLLATE NOCASE`;
      db.exec(`CREATE INDEX IF NOT EXISTS "${name}.${path}" ON ${name} (${field})`);
      this.#byPath.set(path, db.prepare(`SELECT doc FROM ${name} WHERE ${field} = ? ORDER BY key`));
    }
  }

  get(key: string): T | undefined {
    const row = this.#get.get(key);
    return row && parse<T>(row);
  }

  put(key: string, doc: T): T {
    this.#put.run(key, JSON.stringify(doc));
    return doc;
  }

  /** @returns false when there was nothing to delete */
  delete(key: string): boolean {
    return this.#delete.run(key).changes > 0;
  }

  findBy(path: Path, value: string): T[] {
    return this.#byPath
      .get(path)!
      .all(value)
      .map(parse<T>);
  }

  all(): T[] {
    return this.#all.all().map(parse<T>);
  }
}

const parse = <T>(row: Record<string, unknown>): T => JSON.parse(row.doc as string) as T;

export interface Store {
  readonly pools: Table<UserPool, never>;
  readonly clients: Table<Client, 'userPoolId'>;
  readonly groups: Table<Group, 'userPoolId'>;
  readonly resourceServers: Table<ResourceServer, 'userPoolId'>;
  readonly users: Table<User, 'userPoolId' | UserName>;
  readonly sessions: Table<Session, 'userPoolId' | 'sub' | 'refreshTokenHash'>;
  readonly challenges: Table<Challenge, 'userPoolId'>;
  close(): void;
}

/** Where a name that a user signs in with may stand. */
export type UserName = 'username' | 'sub' | 'attributes.email' | 'attributes.phone_number';

/** Opens the database in `dir`, which only its owner may enter: it holds password hashes and codes. */
export function openStore(dir: string): Store {
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o700);
  const db = new DatabaseSync(join(dir, 'cognito.sqlite'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  return {
    pools: new Table<UserPool, never>(db, 'pools', []),
    clients: new Table(db, 'clients', ['userPoolId']),
    groups: new Table(db, 'groups', ['userPoolId']),
    resourceServers: new Table(db, 'resource_servers', ['userPoolId']),
    users: new Table(db, 'users', ['userPoolId', 'username', 'sub', 'attributes.email', 'attributes.phone_number']),
    sessions: new Table(db, 'sessions', ['userPoolId', 'sub', 'refreshTokenHash']),
    challenges: new Table(db, 'challenges', ['userPoolId']),
    close: () => db.close(),
  };
}

/** Drops the sign-ins that can no longer be continued, so that the file does not grow for ever. */
export function forgetExpired(store: Store, now: number): void {
  for (const session of store.sessions.all())
    if (session.refreshExpiresAt <= now) store.sessions.delete(session.originJti);
  for (const challenge of store.challenges.all()) if (challenge.expiresAt <= now) store.challenges.delete(challenge.id);
}
