import type { Matrix } from '../matrix.ts';
import { seededRandom } from '../random.ts';

/** A byte numbers the bins: 255 of values at most, and one of missing values. */
export const MAX_BINS = 255;
/** Quantiles of so many rows tell enough of more. */
const SAMPLE_ROWS = 200_000;

/** Features as numbers of bins, column after column. */
export interface BinnedMatrix {
  readonly rows: number;
  readonly columns: number;
  /** column-major: bin b holds values above edge b - 1 and up to edge b; missing values are in the bin after the last */
  readonly bins: Uint8Array;
  /** per column, ascending; one fewer than it has bins of values */
  readonly edges: readonly Float32Array[];
  /** per column, whether a value is missing */
  readonly hasMissing: readonly boolean[];
  /** where a column's bins begin among those of all columns, and at the end their count */
  readonly offsets: Int32Array;
}

/**
 * @param maxBins bins of values per column, 2 to MAX_BINS
 * @param weights per row; the edges lie at quantiles of the weight
 */
export function binned(matrix: Matrix, weights: Float64Array, maxBins: number, seed: number): BinnedMatrix {
  const { rows, columns } = matrix;
  const sample = sampledRows(weights, seed);
  const isWeighted = weights.some((weight) => weight !== weights[0]);
  const bins = new Uint8Array(rows * columns);
  const edges: Float32Array[] = [];
  const hasMissing: boolean[] = [];
  const offsets = new Int32Array(columns + 1);
  for (let column = 0; column < columns; column++) {
    const distinct = isWeighted
      ? weightedValues(matrix, column, sample, weights)
      : countedValues(matrix, column, sample);
    const found = binEdges(distinct, maxBins);
    edges.push(found);
    hasMissing.push(fillColumn(matrix, column, found, bins.subarray(column * rows, (column + 1) * rows)));
    offsets[column + 1] = offsets[column]! + found.length + 2;
  }
  return { rows, columns, bins, edges, hasMissing, offsets };
}

/** Rows that weigh anything. */
function sampledRows(weights: Float64Array, seed: number): Uint32Array {
  const random = seededRandom(seed);
  const rows = Uint32Array.from(weights.keys().filter((row) => weights[row]! > 0));
  if (rows.length <= SAMPLE_ROWS) return rows;
  return Uint32Array.from({ length: SAMPLE_ROWS }, () => rows[random.int(rows.length)]!);
}

/** A column's distinct values that are not missing, ascending, each with the weight of it and all before. */
interface DistinctValues {
  readonly values: Float32Array;
  readonly cumulated: Float64Array;
}

function countedValues({ columns, values }: Matrix, column: number, rows: Uint32Array): DistinctValues {
  const present = new Float32Array(rows.length);
  let count = 0;
  for (const row of rows) {
    const value = values[row * columns + column]!;
    if (!Number.isNaN(value)) present[count++] = value;
  }
  return distinctValues(present.subarray(0, count).sort(), () => 1);
}

function weightedValues(
  { columns, values }: Matrix,
  column: number,
  rows: Uint32Array,
  weights: Float64Array,
): DistinctValues {
  const at = (row: number): number => values[row * columns + column]!;
  const order = rows.filter((row) => !Number.isNaN(at(row))).sort((a, b) => at(a) - at(b));
  return distinctValues(Float32Array.from(order, at), (index) => weights[order[index]!]!);
}

function distinctValues(sorted: Float32Array, weightOf: (index: number) => number): DistinctValues {
  const values = new Float32Array(sorted.length);
  const cumulated = new Float64Array(sorted.length);
  let count = 0;
  let sum = 0;
  for (let i = 0; i < sorted.length; i++) {
    sum += weightOf(i);
    if (i > 0 && sorted[i] !== sorted[i - 1]) count += 1;
    values[count] = sorted[i]!;
    cumulated[count] = sum;
  }
  const end = sorted.length === 0 ? 0 : count + 1;
  return { values: values.subarray(0, end), cumulated: cumulated.subarray(0, end) };
}

/**
 * Where the bins of a column end: half-way between neighbours where the distinct values are few, else at quantiles (the
 * averaged inverted distribution function, Hyndman and Fan's second kind), as scikit-learn's HistGradientBoosting. They
 * are rounded to float32, which is what ONNX compares with.
 */
function binEdges(distinct: DistinctValues, maxBins: number): Float32Array {
  const { values } = distinct;
  if (values.length <= maxBins) {
    return values.subarray(1).map((value, index) => halfway(values[index]!, value));
  }
  const quantiles = Float32Array.from({ length: maxBins - 1 }, (_, index) => quantile(distinct, index + 1, maxBins));
  return quantiles.filter((value, index) => index === 0 || value !== quantiles[index - 1]);
}

/**
 * The value that a share of the weight lies below. The share is computed as scikit-learn does, by percent: where it falls
 * on the border of two values, rounding decides whether it is the second of them or half-way.
 */
function quantile({ values, cumulated }: DistinctValues, index: number, count: number): number {
  const below = ((index * (100 / count)) / 100) * cumulated.at(-1)!;
  const at = firstNotBelow(cumulated, below);
  const isOnBorder = cumulated[at]! - below <= Number.EPSILON && at + 1 < values.length;
  return isOnBorder ? halfway(values[at]!, values[at + 1]!) : values[at]!;
}

/** In float32, and below the upper of two different values even when it rounds up. */
function halfway(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return middle < high ? middle : low;
}

/** @returns whether a value is missing */
function fillColumn({ columns, values }: Matrix, column: number, edges: Float32Array, bins: Uint8Array): boolean {
  const missing = edges.length + 1;
  let hasMissing = false;
  for (let row = 0; row < bins.length; row++) {
    const value = values[row * columns + column]!;
    const isMissing = Number.isNaN(value);
    bins[row] = isMissing ? missing : firstNotBelow(edges, value);
    hasMissing ||= isMissing;
  }
  return hasMissing;
}

/** The index of the first that is not below the value; one past the last where all are. */
function firstNotBelow(ascending: Float32Array | Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= ascending[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
