import type { Metric } from '@kilat/contracts';

type Metrics = Readonly<Record<string, Metric>>;

/** One metric of two models; either may lack it. */
export interface ComparedMetric {
  readonly name: string;
  readonly first: Metric | undefined;
  readonly second: Metric | undefined;
  /** second - first; undefined where one lacks it */
  readonly difference: number | undefined;
  /**
   * Whether the intervals share a value; undefined where one has no interval. Intervals apart tell of a difference beyond
   * noise. Intervals that overlap tell nothing: on the same rows only the paired comparison does.
   */
  readonly overlap: boolean | undefined;
}

/** Every metric that either has, in the order of the first, then of the second. */
export function compareMetrics(first: Metrics = {}, second: Metrics = {}): ComparedMetric[] {
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  return names.map((name) => {
    const [a, b] = [first[name], second[name]];
    return { name, first: a, second: b, difference: a && b && b.value - a.value, overlap: a && b && overlapOf(a, b) };
  });
}

function overlapOf(a: Metric, b: Metric): boolean | undefined {
  if (a.low === undefined || a.high === undefined || b.low === undefined || b.high === undefined) return undefined;
  return a.low <= b.high && b.low <= a.high;
}
