import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Columns are spelt as the fields they become. A message is ready when `visibleAtMs` has passed; before that it is in
 * flight when it has a receipt, else delayed.
 */
const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = normal;
  create table if not exists queue (
    name text primary key,
    createdAtMs integer not null,
    modifiedAtMs integer not null,
    attributes text not null,
    tags text not null
  );
  create table if not exists message (
    seq integer primary key autoincrement,
    queue text not null,
    id text not null,
    body text not null,
    attributes text,
    traceHeader text,
    groupId text,
    deduplicationId text,
    sourceArn text,
    sentAtMs integer not null,
    visibleAtMs integer not null,
    receiveCount integer not null default 0,
    receivedElsewhere integer not null default 0,
    firstReceivedAtMs integer,
    receipt text
  );
  create index if not exists messageByVisibility on message (queue, visibleAtMs, seq);
  create index if not exists messageReceived on message (queue, visibleAtMs) where receipt is not null;
  create index if not exists messageByAge on message (queue, sentAtMs);
  create index if not exists messageByGroup on message (queue, groupId, seq) where groupId is not null;
  create table if not exists deduplication (
    queue text not null,
    scope text not null,
    id text not null,
    seq integer not null,
    messageId text not null,
    expiresAtMs integer not null,
    primary key (queue, scope, id)
  ) without rowid;
  create table if not exists moveTask (
    id text primary key,
    sourceArn text not null,
    destinationArn text,
    messagesPerSecond integer,
    status text not null,
    moved integer not null default 0,
    toMove integer not null,
    startedAtMs integer not null,
    failureReason text
  );
`;

/** Commits survive the end of the process, though not a power cut: `synchronous = normal` saves an fsync per send. */
export function openDatabase(dir: string): DatabaseSync {
  mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(join(dir, 'sqs.sqlite'));
  db.exec(SCHEMA);
  return db;
}
