import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Columns are spelt as the fields they become. An execution keeps the definition that it was started with; `visit` is
 * the state that it is at, from which it goes on after a restart.
 */
const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = normal;
  create table if not exists stateMachine (
    name text primary key,
    definition text not null,
    roleArn text not null,
    createdAtMs integer not null,
    updatedAtMs integer not null
  );
  create table if not exists execution (
    seq integer primary key autoincrement,
    arn text not null unique,
    name text not null,
    stateMachine text not null,
    definition text not null,
    roleArn text not null,
    input text not null,
    status text not null,
    startedAtMs integer not null,
    stoppedAtMs integer,
    redrivenAtMs integer,
    redriveCount integer not null default 0,
    output text,
    error text,
    cause text,
    visit text
  );
  create index if not exists executionByMachine on execution (stateMachine, seq);
  create table if not exists event (
    executionSeq integer not null,
    id integer not null,
    previousId integer not null,
    atMs integer not null,
    type text not null,
    details text,
    primary key (executionSeq, id)
  ) without rowid;
`;

/** Commits survive the end of the process, though not a power cut: `synchronous = normal` saves an fsync per event. */
export function openDatabase(dir: string): DatabaseSync {
  mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(join(dir, 'stepfunctions.sqlite'));
  db.exec(SCHEMA);
  return db;
}
