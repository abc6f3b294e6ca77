import type { AwsOperation } from '../aws-json.ts';
import { invalidCombination, invalidParameter, invalidRequest, required } from './errors.ts';
import { fromWire, type WireDimension } from './metric.ts';
import { floorTo, type MetricStore, type TimeRange } from './metric-store.ts';
import { isPercentile, isSimpleStatistic, pointsByPeriod, statistic } from './statistics.ts';

const MAX_DATAPOINTS = 1440;
const MAX_QUERIES = 500;
const MINUTE_MS = 60_000;

export interface MetricStat {
  readonly Metric?: { Namespace?: string; MetricName?: string; Dimensions?: WireDimension[] };
  readonly Period?: number;
  readonly Stat?: string;
  readonly Unit?: string;
}

export interface MetricDataQuery {
  readonly Id?: string;
  readonly Label?: string;
  readonly Expression?: string;
  readonly MetricStat?: MetricStat;
  readonly ReturnData?: boolean;
}

/** Times are epoch seconds. */
interface TimeInput {
  readonly StartTime?: number;
  readonly EndTime?: number;
}

interface GetMetricDataInput extends TimeInput {
  readonly MetricDataQueries?: MetricDataQuery[];
  readonly ScanBy?: 'TimestampDescending' | 'TimestampAscending';
}

export function queryOperations(store: MetricStore): Record<string, AwsOperation> {
  return {
    GetMetricData: (input: GetMetricDataInput) => {
      const range = parseRange(input, invalidRequest);
      const queries = required(input.MetricDataQueries, 'MetricDataQueries');
      if (queries.length > MAX_QUERIES)
        throw invalidRequest(`The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES}.`);
      for (const query of queries) checkQuery(query);
      const shown = queries.filter(({ ReturnData }) => ReturnData !== false);
      return {
        MetricDataResults: shown.map((query) => answer(store, query, { range, scanBy: input.ScanBy })),
        Messages: [],
      };
    },
    GetMetricStatistics: (input) => getMetricStatistics(store, input),
  };
}

/** @throws {CloudWatchError} ValidationException; metric math is not emulated */
export function checkQuery({ Id, Expression, MetricStat }: MetricDataQuery): void {
  if (!/^[a-z]\w*$/.test(required(Id, 'MetricDataQueries.member.Id'))) {
    throw invalidRequest(
      `The value ${Id} for parameter MetricDataQueries.member.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  }
  if (Expression !== undefined)
    throw invalidRequest(
      `the local CloudWatch has no metric math: the query ${Id} must have a MetricStat instead of the expression ${Expression}`,
    );
  const { Metric, Period, Stat } = required(MetricStat, 'MetricDataQueries.member.MetricStat');
  required(Metric?.Namespace, 'MetricStat.Metric.Namespace');
  required(Metric?.MetricName, 'MetricStat.Metric.MetricName');
  assertPeriod(required(Period, 'MetricStat.Period'), invalidRequest);
  if (!isSimpleStatistic(Stat) && !isPercentile(Stat))
    throw invalidRequest(`The value ${Stat} for parameter MetricStat.Stat is not supported.`);
}

/** Whole periods since the epoch, the newest first unless asked otherwise. */
function answer(
  store: MetricStore,
  { Id, Label, MetricStat }: MetricDataQuery,
  options: { range: TimeRange; scanBy: string | undefined },
) {
  const { Metric, Period = 60, Stat = 'Sum', Unit } = MetricStat ?? {};
  const metric = {
    namespace: Metric?.Namespace ?? '',
    metricName: Metric?.MetricName ?? '',
    dimensions: fromWire(Metric?.Dimensions),
  };
  const range = { ...options.range, startMs: floorTo(options.range.startMs, Period * 1000) };
  const series = pointsByPeriod(store, { ...range, metric, periodSeconds: Period, unit: Unit })
    .map(({ atMs, points }) => ({ atMs, value: statistic(Stat, points) }))
    .filter(({ value }) => value !== undefined);
  if (options.scanBy !== 'TimestampAscending') series.reverse();
  return {
    Id,
    Label: Label ?? metric.metricName,
    Timestamps: series.map(({ atMs }) => atMs / 1000),
    Values: series.map(({ value }) => value),
    StatusCode: 'Complete',
  };
}

interface GetMetricStatisticsInput extends TimeInput {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: WireDimension[];
  readonly Period?: number;
  readonly Statistics?: string[];
  readonly ExtendedStatistics?: string[];
  readonly Unit?: string;
}

/** Periods are counted from the start time, rounded down to the minute; each unit has datapoints of its own. */
function getMetricStatistics(store: MetricStore, input: GetMetricStatisticsInput) {
  const { simple, extended } = parseStatistics(input);
  const periodSeconds = required(input.Period, 'Period');
  assertPeriod(periodSeconds, invalidParameter);
  const { startMs, endMs } = parseRange(input, invalidParameter);
  const range = { startMs: floorTo(startMs, Math.min(periodSeconds * 1000, MINUTE_MS)), endMs };
  assertFewDatapoints(range, periodSeconds);
  const metric = {
    namespace: required(input.Namespace, 'Namespace'),
    metricName: required(input.MetricName, 'MetricName'),
    dimensions: fromWire(input.Dimensions),
  };
  const periods = pointsByPeriod(store, { ...range, metric, periodSeconds, unit: input.Unit });
  const datapoints = periods.flatMap(({ atMs, points }) =>
    [...Map.groupBy(points, ({ unit }) => unit)].map(([unit, group]) => {
      const named = (names: readonly string[]) =>
        Object.fromEntries(names.map((name) => [name, statistic(name, group)]));
      const extra = extended.length ? { ExtendedStatistics: named(extended) } : {};
      return { Timestamp: atMs / 1000, Unit: unit, ...named(simple), ...extra };
    }),
  );
  return { Label: metric.metricName, Datapoints: datapoints };
}

function parseStatistics({ Statistics: simple = [], ExtendedStatistics: extended = [] }: GetMetricStatisticsInput) {
  if (simple.length > 0 === extended.length > 0) {
    throw invalidCombination('Must specify either Statistics or ExtendedStatistics, and not both.');
  }
  const unknown = simple.find((name) => !isSimpleStatistic(name)) ?? extended.find((name) => !isPercentile(name));
  if (unknown !== undefined) throw invalidParameter(`The value ${unknown} is no statistic.`);
  return { simple, extended };
}

function assertFewDatapoints({ startMs, endMs }: TimeRange, periodSeconds: number): void {
  const datapoints = Math.ceil((endMs - startMs) / 1000 / periodSeconds);
  if (datapoints <= MAX_DATAPOINTS) return;
  throw invalidCombination(
    `You have requested up to ${datapoints} datapoints, which exceeds the limit of ${MAX_DATAPOINTS}. ` +
      'You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
  );
}

type Refuse = (message: string) => Error;

function parseRange({ StartTime, EndTime }: TimeInput, refuse: Refuse): TimeRange {
  const startMs = required(StartTime, 'StartTime') * 1000;
  const endMs = required(EndTime, 'EndTime') * 1000;
  if (startMs >= endMs) throw refuse('The parameter StartTime must be less than the parameter EndTime.');
  return { startMs, endMs };
}

export function assertPeriod(seconds: number, refuse: Refuse): void {
  if ([1, 5, 10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0)) return;
  throw refuse(`The parameter Period must be 1, 5, 10, 20, 30, or a multiple of 60, and is ${seconds}.`);
}
