import type { DatabaseSync } from 'node:sqlite';
import type { MetricAlarm } from './alarm.ts';

export interface AlarmHistoryItem {
  readonly alarmName: string;
  readonly atMs: number;
  readonly type: 'ConfigurationUpdate' | 'StateUpdate';
  readonly summary: string;
  readonly data: string;
}

/** The alarms, in memory for evaluation and in the database for the next start. */
export class AlarmStore {
  readonly #db: DatabaseSync;
  readonly #alarms: Map<string, MetricAlarm>;

  constructor(db: DatabaseSync) {
    this.#db = db;
    const rows = db.prepare('select name, alarm from alarm').all() as Array<{ name: string; alarm: string }>;
    this.#alarms = new Map(rows.map(({ name, alarm }) => [name, JSON.parse(alarm)]));
  }

  all(): MetricAlarm[] {
    return [...this.#alarms.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): MetricAlarm | undefined {
    return this.#alarms.get(name);
  }

  save(alarm: MetricAlarm): void {
    this.#db.prepare('insert or replace into alarm (name, alarm) values (?, ?)').run(alarm.name, JSON.stringify(alarm));
    this.#alarms.set(alarm.name, alarm);
  }

  delete(name: string): void {
    this.#db.prepare('delete from alarm where name = ?').run(name);
    this.#alarms.delete(name);
  }

  remember({ alarmName, atMs, type, summary, data }: AlarmHistoryItem): void {
    this.#db
      .prepare('insert into alarmHistory (alarmName, atMs, type, summary, data) values (?, ?, ?, ?, ?)')
      .run(alarmName, atMs, type, summary, data);
  }

  forgetHistoryBefore(ms: number): void {
    this.#db.prepare('delete from alarmHistory where atMs < ?').run(ms);
  }

  /** Newest first. */
  history(): AlarmHistoryItem[] {
    return this.#db
      .prepare('select alarmName, atMs, type, summary, data from alarmHistory order by seq desc')
      .all() as unknown as AlarmHistoryItem[];
  }
}
