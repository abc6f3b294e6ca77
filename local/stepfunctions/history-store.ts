import type { DatabaseSync } from 'node:sqlite';
import type { EventDetails, EventType } from './history.ts';
import { StatesRuntimeError } from './states-error.ts';

export interface HistoryEvent {
  readonly id: number;
  readonly previousId: number;
  readonly atMs: number;
  readonly type: EventType;
  readonly details: EventDetails | undefined;
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAX_EVENTS = 25_000;

type Row = Readonly<Record<string, string | number | null>>;

export class HistoryStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** @throws {StatesRuntimeError} where the history is full, but for the event that ends it */
  add(executionSeq: number, { id, previousId, atMs, type, details }: HistoryEvent): void {
    if (id >= MAX_EVENTS && !type.startsWith('Execution')) {
      throw new StatesRuntimeError(`The execution reached the maximum number of history events (${MAX_EVENTS}).`);
    }
    this.#db
      .prepare('insert into event values (?, ?, ?, ?, ?, ?)')
      .run(executionSeq, id, previousId, atMs, type, details ? JSON.stringify(details) : null);
  }

  lastId(executionSeq: number): number {
    const row = this.#db.prepare('select max(id) as id from event where executionSeq = ?').get(executionSeq) as Row;
    return Number(row.id ?? 0);
  }

  /** @param after the `id` that the page before ended with */
  list(executionSeq: number, { after, limit, isReverse }: { after: number; limit: number; isReverse: boolean }) {
    const order = isReverse ? 'id < ? order by id desc' : 'id > ? order by id';
    const select = this.#db.prepare(`select * from event where executionSeq = ? and ${order} limit ?`);
    return (select.all(executionSeq, after, limit) as Row[]).map(fromRow);
  }
}

const fromRow = ({ id, previousId, atMs, type, details }: Row): HistoryEvent => ({
  id: Number(id),
  previousId: Number(previousId),
  atMs: Number(atMs),
  type: type as EventType,
  details: details === null ? undefined : JSON.parse(String(details)),
});
