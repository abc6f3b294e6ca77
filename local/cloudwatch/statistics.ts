import type { MetricIdentity, StatisticSet } from './metric.ts';
import { floorTo, type MetricStore, type Point, type TimeRange } from './metric-store.ts';

const PERCENTILE = /^p(100(\.0*)?|\d{1,2}(\.\d+)?)$/;

const SIMPLE: Readonly<Record<string, (points: readonly StatisticSet[]) => number>> = {
  SampleCount: (points) => total(points, 'sampleCount'),
  Sum: (points) => total(points, 'sum'),
  Average: (points) => total(points, 'sum') / total(points, 'sampleCount'),
  Minimum: (points) => points.reduce((least, { minimum }) => Math.min(least, minimum), Infinity),
  Maximum: (points) => points.reduce((most, { maximum }) => Math.max(most, maximum), -Infinity),
};

const total = (points: readonly StatisticSet[], field: 'sampleCount' | 'sum') =>
  points.reduce((sum, point) => sum + point[field], 0);

export const isSimpleStatistic = (name: unknown): name is string =>
  typeof name === 'string' && Object.hasOwn(SIMPLE, name);
export const isPercentile = (name: unknown): name is string => typeof name === 'string' && PERCENTILE.test(name);

/** @returns undefined without points, and for a percentile of values that were summed up before they came */
export function statistic(name: string, points: readonly StatisticSet[]): number | undefined {
  if (points.length === 0) return undefined;
  return SIMPLE[name] ? SIMPLE[name](points) : percentile(Number(name.slice(1)) / 100, points);
}

/**
 * The least value that is not below the given share of all values (nearest rank). CloudWatch itself estimates from
 * logarithmic bins, within about one percent.
 */
function percentile(share: number, points: readonly StatisticSet[]): number | undefined {
  if (points.some(({ minimum, maximum }) => minimum !== maximum)) return undefined;
  const rank = Math.max(1, Math.ceil(share * total(points, 'sampleCount')));
  let seen = 0;
  for (const { minimum, sampleCount } of points.toSorted((a, b) => a.minimum - b.minimum)) {
    seen += sampleCount;
    if (seen >= rank) return minimum;
  }
  return undefined;
}

export interface SeriesQuery extends TimeRange {
  readonly metric: MetricIdentity;
  readonly periodSeconds: number;
  /** Only what was measured in this unit. */
  readonly unit?: string | undefined;
}

/** The points of one period. */
export interface PeriodPoints {
  readonly atMs: number;
  readonly points: readonly Point[];
}

/** Points by period, oldest first. Periods are counted from the start of the range; those without points are left out. */
export function pointsByPeriod(store: MetricStore, query: SeriesQuery): PeriodPoints[] {
  const periodMs = query.periodSeconds * 1000;
  const points = store.points(query.metric, query).filter(({ unit }) => !query.unit || unit === query.unit);
  const startOf = ({ atMs }: Point) => query.startMs + floorTo(atMs - query.startMs, periodMs);
  return [...Map.groupBy(points, startOf)].map(([atMs, group]) => ({ atMs, points: group }));
}
