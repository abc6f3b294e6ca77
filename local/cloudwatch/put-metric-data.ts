import type { AwsOperation } from '../aws-json.ts';
import type { Clock } from '../service.ts';
import { invalidCombination, invalidParameter, required } from './errors.ts';
import { fromWire, type StatisticSet, type StorageResolution, sample, UNITS, type WireDimension } from './metric.ts';
import type { MetricStore, NewPoints } from './metric-store.ts';

const MAX_DATA = 1000;
const MAX_VALUES = 150;
const MAX_DIMENSIONS = 30;
const OLDEST_MS = 14 * 24 * 3_600_000;
const NEWEST_MS = 2 * 3_600_000;

interface MetricDatum {
  readonly MetricName?: string;
  readonly Dimensions?: WireDimension[];
  /** Epoch seconds. */
  readonly Timestamp?: number;
  readonly Value?: number;
  readonly Values?: number[];
  readonly Counts?: number[];
  readonly StatisticValues?: { SampleCount: number; Sum: number; Minimum: number; Maximum: number };
  readonly Unit?: string;
  readonly StorageResolution?: number;
}

export const putMetricData =
  (store: MetricStore, now: Clock): AwsOperation =>
  ({ Namespace, MetricData }: { Namespace?: string; MetricData?: MetricDatum[] }) => {
    const namespace = required(Namespace, 'Namespace');
    if (namespace.startsWith('AWS/')) throw invalidParameter('The value AWS/ for parameter Namespace is invalid.');
    const data = required(MetricData, 'MetricData');
    if (data.length > MAX_DATA)
      throw invalidParameter(`The collection MetricData must not have a size greater than ${MAX_DATA}.`);
    store.record(
      data.map((datum, index) =>
        parseDatum(datum, { namespace, member: `MetricData.member.${index + 1}`, nowMs: now() }),
      ),
    );
  };

interface DatumContext {
  readonly namespace: string;
  /** How messages name the datum. */
  readonly member: string;
  readonly nowMs: number;
}

function parseDatum(datum: MetricDatum, { namespace, member, nowMs }: DatumContext): NewPoints {
  const dimensions = datum.Dimensions ?? [];
  if (dimensions.length > MAX_DIMENSIONS)
    throw invalidParameter(`The collection ${member}.Dimensions must not have a size greater than ${MAX_DIMENSIONS}.`);
  for (const { Name, Value } of dimensions) required(Name && Value, `${member}.Dimensions.member.Value`);
  if (datum.Unit !== undefined && !UNITS.has(datum.Unit)) {
    throw invalidParameter(`The value ${datum.Unit} for parameter ${member}.Unit is invalid.`);
  }
  if (![undefined, 1, 60].includes(datum.StorageResolution)) {
    throw invalidParameter(
      `The value ${datum.StorageResolution} for parameter ${member}.StorageResolution is invalid. It must be 1 or 60.`,
    );
  }
  return {
    namespace,
    metricName: required(datum.MetricName, `${member}.MetricName`),
    dimensions: fromWire(dimensions),
    samples: samplesOf(datum, member),
    unit: datum.Unit,
    timestampMs: timestampOf(datum, member, nowMs),
    storageResolution: datum.StorageResolution as StorageResolution | undefined,
  };
}

function timestampOf({ Timestamp }: MetricDatum, member: string, nowMs: number): number | undefined {
  if (Timestamp === undefined) return undefined;
  const ms = Timestamp * 1000;
  if (ms >= nowMs - OLDEST_MS && ms <= nowMs + NEWEST_MS) return ms;
  throw invalidParameter(
    `The parameter ${member}.Timestamp must specify a time no older than two weeks and no more than two hours in the future.`,
  );
}

function samplesOf(datum: MetricDatum, member: string): StatisticSet[] {
  const { Value, Values, StatisticValues } = datum;
  const bothOf = (a: string, b: string) =>
    `The parameters ${member}.${a} and ${member}.${b} are mutually exclusive and you have specified both.`;
  if (Value !== undefined && Values) throw invalidParameter(bothOf('Value', 'Values'));
  if (Value !== undefined && StatisticValues) throw invalidCombination(bothOf('Value', 'StatisticValues'));
  if (Values && StatisticValues) throw invalidCombination(bothOf('Values', 'StatisticValues'));
  if (Values) return samplesOfValues(Values, datum.Counts, member);
  if (StatisticValues) return [samplesOfSet(StatisticValues, member)];
  return [sample(assertNumber(required(Value, `${member}.Value`), `${member}.Value`))];
}

function samplesOfValues(
  values: readonly number[],
  counts: readonly number[] | undefined,
  member: string,
): StatisticSet[] {
  if (values.length > MAX_VALUES)
    throw invalidParameter(`The collection ${member}.Values must not have a size greater than ${MAX_VALUES}.`);
  if (counts && counts.length !== values.length) {
    throw invalidParameter(`The parameters ${member}.Values and ${member}.Counts must be of the same size.`);
  }
  return values.map((value, i) => sample(assertNumber(value, `${member}.Values`), counts?.[i] ?? 1));
}

function samplesOfSet(set: NonNullable<MetricDatum['StatisticValues']>, member: string): StatisticSet {
  const read = (name: keyof typeof set) =>
    assertNumber(required(set[name], `${member}.StatisticValues.${name}`), `${member}.StatisticValues.${name}`);
  const summed = {
    sampleCount: read('SampleCount'),
    sum: read('Sum'),
    minimum: read('Minimum'),
    maximum: read('Maximum'),
  };
  if (summed.minimum <= summed.maximum) return summed;
  throw invalidParameter(`The parameter ${member}.StatisticValues.Maximum must not be less than Minimum.`);
}

/** JSON carries NaN and the infinities as strings, and CloudWatch takes none of them. */
function assertNumber(value: unknown, parameter: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalidParameter(`The value ${value} for parameter ${parameter} is invalid.`);
}
