import { seededRandom } from '../random.ts';
import type { Counts } from './ranked-rows.ts';

export interface ResamplingOptions {
  readonly resamples: number;
  readonly seed: number;
}

/**
 * Draws each stratum's rows with replacement, as many as it has: every resample has the classes that the rows have.
 * Source: B. Efron, R. Tibshirani, "An introduction to the bootstrap", 1993, chapters 6 and 13.
 * @param strata the stratum of each row, 0 to 255
 * @param take is handed how often each row was drawn; the array is used again for the next resample
 * @throws {RangeError} when `resamples` is no whole number above 0
 */
export function resample(
  strata: Uint8Array,
  { resamples, seed }: ResamplingOptions,
  take: (counts: Counts) => void,
): void {
  if (!Number.isInteger(resamples) || resamples < 1)
    throw new RangeError(`${resamples} resamples; expected at least 1`);
  const random = seededRandom(seed);
  const rowsOfStrata = rowsByStratum(strata);
  const counts = new Uint16Array(strata.length);
  for (let i = 0; i < resamples; i++) {
    counts.fill(0);
    for (const rows of rowsOfStrata) {
      for (let draw = 0; draw < rows.length; draw++) counts[rows[random.int(rows.length)]!]! += 1;
    }
    take(counts);
  }
}

function rowsByStratum(strata: Uint8Array): Uint32Array[] {
  const rows: number[][] = [];
  strata.forEach((stratum, row) => {
    rows[stratum] ??= [];
    rows[stratum].push(row);
  });
  return rows.filter((of) => of !== undefined).map((of) => Uint32Array.from(of));
}

/** A figure with the interval that its resamples span. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Measures something of the rows, each counted as often as it says, or once. @returns nothing for too little data */
export type Measure = (counts?: Counts) => number | undefined;

/**
 * Measures with percentile intervals; one pass of resampling serves them all.
 * @returns for each measure its estimate, or nothing where the rows are too few for it
 */
export function estimateAll<Name extends string>(
  measures: Readonly<Record<Name, Measure>>,
  strata: Uint8Array,
  { confidence = 0.95, ...options }: ResamplingOptions & { readonly confidence?: number },
): Record<Name, Estimate | undefined> {
  const entries = Object.entries<Measure>(measures).map(([name, measure]) => {
    return { name, measure, value: measure(), resampled: [] as number[] };
  });
  const measurable = entries.filter(({ value }) => value !== undefined);
  if (measurable.length > 0) {
    resample(strata, options, (counts) => {
      for (const { measure, resampled } of measurable) {
        const value = measure(counts);
        if (value !== undefined) resampled.push(value);
      }
    });
  }
  return Object.fromEntries(
    entries.map(({ name, value, resampled }) => [name, estimateOf(value, resampled, confidence)]),
  ) as Record<Name, Estimate | undefined>;
}

/** The figure and the percentile interval of its resamples. @returns nothing where there is nothing to tell */
export function estimateOf(
  value: number | undefined,
  resampled: readonly number[],
  confidence: number,
): Estimate | undefined {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence ${confidence}; expected one within 0 and 1`);
  if (value === undefined || resampled.length === 0) return undefined;
  const sorted = Float64Array.from(resampled).sort();
  return { value, low: quantile(sorted, (1 - confidence) / 2), high: quantile(sorted, (1 + confidence) / 2) };
}

/**
 * The quantile with linear interpolation, numpy's default (type 7 of R. Hyndman, Y. Fan, 1996).
 * @param sorted rising, at least one
 */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}
