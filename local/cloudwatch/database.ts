import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * A point is what one metric measured in one second or minute. Equal values are one row with a count: a function that
 * counts its requests writes one row a minute, and percentiles stay exact.
 */
const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = normal;
  create table if not exists metric (
    id integer primary key,
    namespace text not null,
    metricName text not null,
    dimensions text not null,
    lastSeenAtMs integer not null,
    unique (namespace, metricName, dimensions)
  );
  create table if not exists point (
    metricId integer not null,
    atMs integer not null,
    unit text not null,
    minimum real not null,
    maximum real not null,
    sampleCount real not null,
    sum real not null,
    primary key (metricId, atMs, unit, minimum, maximum)
  ) without rowid;
  create table if not exists alarm (name text primary key, alarm text not null);
  create table if not exists alarmHistory (
    seq integer primary key autoincrement,
    alarmName text not null,
    atMs integer not null,
    type text not null,
    summary text not null,
    data text not null
  );
`;

/** Commits survive the end of the process, though not a power cut: `synchronous = normal` saves an fsync per point. */
export function openDatabase(dir: string): DatabaseSync {
  mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(join(dir, 'cloudwatch.sqlite'));
  db.exec(SCHEMA);
  return db;
}
