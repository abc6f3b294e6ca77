import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../service.ts';
import type { Dimensions, MetricIdentity, StatisticSet, StorageResolution } from './metric.ts';

export interface NewPoints extends MetricIdentity {
  readonly samples: readonly StatisticSet[];
  readonly unit?: string | undefined;
  readonly timestampMs?: number | undefined;
  readonly storageResolution?: StorageResolution | undefined;
}

export interface Point extends StatisticSet {
  readonly atMs: number;
  readonly unit: string;
}

export interface TimeRange {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

const SQL = {
  metric: `insert into metric (namespace, metricName, dimensions, lastSeenAtMs) values (?, ?, ?, ?)
    on conflict do update set lastSeenAtMs = max(lastSeenAtMs, excluded.lastSeenAtMs) returning id`,
  point: `insert into point (metricId, atMs, unit, minimum, maximum, sampleCount, sum) values (?, ?, ?, ?, ?, ?, ?)
    on conflict do update set sampleCount = sampleCount + excluded.sampleCount, sum = sum + excluded.sum`,
  points: `select atMs, unit, minimum, maximum, sampleCount, sum from point join metric on metric.id = metricId
    where namespace = ? and metricName = ? and dimensions = ? and atMs >= ? and atMs < ? order by atMs`,
  metrics: 'select namespace, metricName, dimensions from metric where lastSeenAtMs >= ? order by id',
  forgetPoints: 'delete from point where atMs < ?',
  forgetMetrics: 'delete from metric where lastSeenAtMs < ?',
} as const;

/** Every metric and its points. */
export class MetricStore {
  readonly #now: Clock;
  readonly #db: DatabaseSync;
  readonly #sql: Record<keyof typeof SQL, StatementSync>;

  constructor(db: DatabaseSync, now: Clock) {
    this.#now = now;
    this.#db = db;
    this.#sql = Object.fromEntries(Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)])) as Record<
      keyof typeof SQL,
      StatementSync
    >;
  }

  /** Records all of it or nothing. */
  record(metrics: readonly NewPoints[]): void {
    this.#db.exec('begin');
    try {
      for (const metric of metrics) this.#recordOne(metric);
      this.#db.exec('commit');
    } catch (error) {
      this.#db.exec('rollback');
      throw error;
    }
  }

  /** A point belongs to the minute of its timestamp, or to the second where the metric is of high resolution. */
  #recordOne({ namespace, metricName, dimensions, samples, unit = 'None', ...when }: NewPoints): void {
    const timestampMs = when.timestampMs ?? this.#now();
    const atMs = floorTo(timestampMs, (when.storageResolution ?? 60) * 1000);
    const { id } = this.#sql.metric.get(namespace, metricName, keyOf(dimensions), timestampMs) as { id: number };
    for (const { minimum, maximum, sampleCount, sum } of samples) {
      this.#sql.point.run(id, atMs, unit, minimum, maximum, sampleCount, sum);
    }
  }

  /** The points of exactly this metric, oldest first: other dimensions make another metric. */
  points({ namespace, metricName, dimensions }: MetricIdentity, { startMs, endMs }: TimeRange): Point[] {
    return this.#sql.points.all(namespace, metricName, keyOf(dimensions), startMs, endMs) as unknown as Point[];
  }

  metrics({ seenSinceMs = 0 } = {}): MetricIdentity[] {
    const rows = this.#sql.metrics.all(seenSinceMs) as unknown as Array<MetricIdentity & { dimensions: string }>;
    return rows.map((row) => ({ ...row, dimensions: Object.fromEntries(JSON.parse(row.dimensions)) }));
  }

  forgetBefore(ms: number): void {
    this.#sql.forgetPoints.run(ms);
    this.#sql.forgetMetrics.run(ms);
  }
}

/** The order in which dimensions are given makes no difference. */
const keyOf = (dimensions: Dimensions) =>
  JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));

export const floorTo = (ms: number, stepMs: number): number => Math.floor(ms / stepMs) * stepMs;
