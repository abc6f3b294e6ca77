/** A metric is its namespace, its name and its dimensions together. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Dimensions;
}

export type Dimensions = Readonly<Record<string, string>>;

/** Dimensions on the wire. */
export interface WireDimension {
  readonly Name: string;
  readonly Value: string;
}

export const fromWire = (dimensions: readonly WireDimension[] | undefined): Dimensions =>
  Object.fromEntries((dimensions ?? []).map(({ Name, Value }) => [Name, Value]));

export const toWire = (dimensions: Dimensions): WireDimension[] =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

/** Some values, summed up. Where minimum and maximum agree the values themselves are known: they are all the same. */
export interface StatisticSet {
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** One value, seen so many times. */
export const sample = (value: number, count = 1): StatisticSet => ({
  sampleCount: count,
  sum: value * count,
  minimum: value,
  maximum: value,
});

/** What the platform measures itself, such as the metrics of `AWS/Lambda`. */
export interface Measurement {
  readonly metricName: string;
  readonly value: number;
  /** @default 'None' */
  readonly unit?: string;
  readonly dimensions?: Dimensions;
  /** @default now */
  readonly timestampMs?: number;
  /** In seconds. @default 60 */
  readonly storageResolution?: StorageResolution;
}

export type StorageResolution = 1 | 60;

const SCALES = ['Kilo', 'Mega', 'Giga', 'Tera', ''];
const AMOUNTS = SCALES.flatMap((scale) => [`${scale}bytes`, `${scale}bits`].map((unit) => unit.replace(/^b/, 'B')));
const RATES = [...AMOUNTS, 'Count'].map((unit) => `${unit}/Second`);

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
export const UNITS: ReadonlySet<unknown> = new Set([
  ...AMOUNTS,
  ...RATES,
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'None'],
]);
