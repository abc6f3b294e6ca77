import { type Dimensions, type StatisticSet, type StorageResolution, sample, UNITS } from './metric.ts';
import type { NewPoints } from './metric-store.ts';

type Json = Record<string, unknown>;

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: string[][];
  readonly Metrics: Array<{ Name: string; Unit?: string; StorageResolution?: StorageResolution }>;
}

/**
 * The metrics of a log line in the embedded metric format. Metrics and dimension sets whose targets are missing from
 * the line, or of the wrong type, are left out.
 * @returns undefined for any other line, also for one that only resembles the format
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function parseEmf(line: string): NewPoints[] | undefined {
  if (!line.includes('"_aws"')) return undefined; // most lines: saves parsing them
  const root = parseObject(line);
  const metadata = root?._aws;
  if (!root || !isObject(metadata) || !Number.isInteger(metadata.Timestamp)) return undefined;
  const { Timestamp, CloudWatchMetrics: directives } = metadata;
  if (!Array.isArray(directives) || !directives.every(isDirective)) return undefined;
  return directives.flatMap((directive) => metricsOf(directive, root, Timestamp as number));
}

function metricsOf({ Namespace, Dimensions, Metrics }: Directive, root: Json, timestampMs: number): NewPoints[] {
  const sets = Dimensions.length ? Dimensions.flatMap((names) => dimensionsOf(names, root)) : [{}];
  return Metrics.flatMap(({ Name, Unit, StorageResolution }) => {
    const samples = samplesOf(root[Name]);
    if (samples.length === 0) return [];
    const measured = { samples, timestampMs, unit: Unit, storageResolution: StorageResolution };
    return sets.map((dimensions) => ({ namespace: Namespace, metricName: Name, dimensions, ...measured }));
  });
}

/** @returns no set at all when one of its dimensions has no value */
function dimensionsOf(names: readonly string[], root: Json): Dimensions[] {
  const values = names.map((name) => root[name]);
  const complete = values.every((value) => typeof value === 'string' && value !== '');
  return complete ? [Object.fromEntries(names.map((name, i) => [name, values[i] as string]))] : [];
}

function samplesOf(target: unknown): StatisticSet[] {
  const values = Array.isArray(target) ? target : [target];
  return values.every(Number.isFinite) ? values.map((value) => sample(value)) : [];
}

const isDirective = (value: unknown): value is Directive =>
  isObject(value) &&
  typeof value.Namespace === 'string' &&
  value.Namespace !== '' &&
  isArrayOf(value.Dimensions, (set) => isArrayOf(set, (name) => typeof name === 'string')) &&
  isArrayOf(value.Metrics, isMetricDefinition);

const isMetricDefinition = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.Name === 'string' &&
  (value.Unit === undefined || UNITS.has(value.Unit)) &&
  [undefined, 1, 60].includes(value.StorageResolution as number | undefined);

const isArrayOf = (value: unknown, accepts: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(accepts);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseObject(line: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
