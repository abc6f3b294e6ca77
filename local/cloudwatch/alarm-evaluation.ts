import type { AlarmState, ComparisonOperator, MetricAlarm } from './alarm.ts';
import { floorTo, type MetricStore } from './metric-store.ts';
import { pointsByPeriod, statistic } from './statistics.ts';

/** A period of the alarm's metric, and what it measured; undefined when nothing did. */
export interface Datapoint {
  readonly atMs: number;
  readonly value: number | undefined;
}

export interface Evaluation {
  /** Undefined: the alarm keeps the state it has. */
  readonly state: AlarmState | undefined;
  /** What the state was judged by, newest first. */
  readonly judged: readonly Datapoint[];
}

/** How many periods beyond those that it needs an alarm looks back, for points to stand in for missing ones. */
const EXTRA_PERIODS = 2;

const BREACHES: Readonly<Record<ComparisonOperator, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

export const isComparisonOperator = (name: unknown): name is ComparisonOperator =>
  Object.hasOwn(BREACHES, String(name));

export const breaches = ({ comparisonOperator, threshold }: MetricAlarm, value: number): boolean =>
  BREACHES[comparisonOperator](value, threshold);

/** The state that the metric gives the alarm now. */
export function evaluate(alarm: MetricAlarm, store: MetricStore, nowMs: number): Evaluation {
  return judge(alarm, recentDatapoints(alarm, store, nowMs));
}

/** Every ended period of the evaluation range, newest first; before them the current one, where it already tells. */
function recentDatapoints(alarm: MetricAlarm, store: MetricStore, nowMs: number): Datapoint[] {
  const periodMs = alarm.periodSeconds * 1000;
  const currentMs = floorTo(nowMs, periodMs);
  const range = alarm.evaluationPeriods + EXTRA_PERIODS;
  const series = pointsByPeriod(store, {
    ...alarm,
    startMs: currentMs - range * periodMs,
    endMs: currentMs + periodMs,
  });
  const values = new Map(series.map(({ atMs, points }) => [atMs, statistic(alarm.statistic, points)]));
  const ended = Array.from({ length: range }, (_, i) => currentMs - (i + 1) * periodMs);
  const early = breachIsFinal(alarm, values.get(currentMs)) ? [currentMs] : [];
  return [...early, ...ended].map((atMs) => ({ atMs, value: values.get(atMs) }));
}

/**
 * A sum that is too high can only grow: such a breach counts before its period has ended, so that nobody at a laptop
 * waits a minute for it. (AWS waits. Sums are taken to be of values that are not negative.)
 */
function breachIsFinal(alarm: MetricAlarm, value: number | undefined): boolean {
  if (value === undefined || !breaches(alarm, value)) return false;
  const rising = ['Sum', 'SampleCount', 'Maximum'].includes(alarm.statistic);
  const falling = alarm.statistic === 'Minimum';
  return alarm.comparisonOperator.startsWith('Greater') ? rising : falling;
}

/**
 * "M out of N", by the newest N datapoints that there are; the setting for missing data fills up what N lacks.
 * @param datapoints the evaluation range, newest first
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function judge(alarm: MetricAlarm, datapoints: readonly Datapoint[]): Evaluation {
  const { evaluationPeriods: n, datapointsToAlarm: m, treatMissingData } = alarm;
  const judged = datapoints.filter(({ value }) => value !== undefined).slice(0, n);
  const breaching = judged.filter(({ value }) => breaches(alarm, value as number)).length;
  const missing = n - judged.length;
  const filled = treatMissingData === 'breaching' ? missing : 0;
  const isFilled = missing === 0 || treatMissingData === 'breaching' || treatMissingData === 'notBreaching';

  if (breaching + filled >= m) return { state: 'ALARM', judged };
  if (isFilled || breaching < judged.length) return { state: 'OK', judged };
  if (treatMissingData === 'ignore') return { state: undefined, judged };
  return { state: isOldBreach(datapoints, m) ? 'ALARM' : 'INSUFFICIENT_DATA', judged };
}

/** Nothing but breaches and gaps: enough for an alarm once the oldest breach is M periods old, not before. */
const isOldBreach = (datapoints: readonly Datapoint[], m: number): boolean =>
  datapoints.findLastIndex(({ value }) => value !== undefined) + 1 >= m;
