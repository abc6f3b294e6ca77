import type { TableSchema } from '@kilat/contracts';
import type { Matrix } from '../matrix.ts';
import type { Cell, Row } from './row.ts';

/** A number (true is 1, false is 0): its missing values become the median, then (x - mean) / deviation. */
export interface NumberEncoding {
  readonly column: string;
  readonly median: number;
  /** after the median has been put in */
  readonly mean: number;
  /** of the population; 1 for a column that never varies */
  readonly deviation: number;
}

/** One feature for each category, 1 where the row has it. A missing or unknown category is all zeros. */
export interface CategoryEncoding {
  readonly column: string;
  /** that the training rows had, in the order of their UTF-16 code units */
  readonly categories: readonly string[];
}

/** What was learnt of the training rows in order to turn rows into features; plain data. */
export interface EncoderState {
  /** the first features */
  readonly numbers: readonly NumberEncoding[];
  /** the features after those */
  readonly categories: readonly CategoryEncoding[];
}

export interface Feature {
  /** the column's name, or `column=category` */
  readonly name: string;
  readonly column: string;
}

/**
 * Learns the encoding of a table's features, as scikit-learn's SimpleImputer(strategy='median', keep_empty_features=True)
 * with StandardScaler, and OneHotEncoder(handle_unknown='ignore') over the values that are not missing.
 * @param rows the training rows alone: what is learnt of other rows leaks into the estimate
 * @throws {RangeError} when there are no rows, or a value is not of its column's type
 */
export function fitEncoder(schema: TableSchema, rows: readonly Row[]): EncoderState {
  if (rows.length === 0) throw new RangeError('no rows; an encoder needs at least one');
  const names = (isNumber: boolean): string[] =>
    schema.columns.filter(({ type }) => (type !== 'categorical') === isNumber).map(({ name }) => name);
  return {
    numbers: names(true).map((column) => numberEncoding(column, rows)),
    categories: names(false).map((column) => categoryEncoding(column, rows)),
  };
}

/** The features that an encoder makes, in the order of the matrix's columns. */
export const featuresOf = ({ numbers, categories }: EncoderState): Feature[] => [
  ...numbers.map(({ column }) => ({ name: column, column })),
  ...categories.flatMap(({ column, categories: values }) =>
    values.map((value) => ({ name: `${column}=${value}`, column })),
  ),
];

/**
 * Turns rows into features. The arithmetic is float32, step by step as onnxruntime's Imputer and Scaler do it, so that
 * a model is served bit for bit what it was trained on.
 * @throws {RangeError} when a value is not of its column's type
 */
export function encode(state: EncoderState, rows: readonly Row[]): Matrix {
  const columns = featuresOf(state).length;
  const values = new Float32Array(rows.length * columns);
  let index = 0;
  for (const encoding of state.numbers) writeNumbers(encoding, rows, { values, columns, index: index++ });
  for (const encoding of state.categories) {
    writeCategories(encoding, rows, { values, columns, index });
    index += encoding.categories.length;
  }
  return { rows: rows.length, columns, values };
}

/** The Scaler's parameters as the model file holds them. */
export const scaling = ({ median, mean, deviation }: NumberEncoding) => ({
  median: Math.fround(median),
  offset: Math.fround(mean),
  scale: Math.fround(1 / deviation),
});

interface Place {
  readonly values: Float32Array;
  readonly columns: number;
  /** of the encoding's first feature */
  readonly index: number;
}

function writeNumbers(encoding: NumberEncoding, rows: readonly Row[], { values, columns, index }: Place): void {
  const { median, offset, scale } = scaling(encoding);
  rows.forEach((row, at) => {
    const value = Math.fround(numberIn(row[encoding.column], encoding.column) ?? median);
    values[at * columns + index] = Math.fround(value - offset) * scale;
  });
}

function writeCategories(encoding: CategoryEncoding, rows: readonly Row[], { values, columns, index }: Place): void {
  const positions = new Map(encoding.categories.map((category, position) => [category, position]));
  rows.forEach((row, at) => {
    const category = categoryIn(row[encoding.column], encoding.column);
    const position = category === undefined ? undefined : positions.get(category);
    if (position !== undefined) values[at * columns + index + position] = 1;
  });
}

function numberEncoding(column: string, rows: readonly Row[]): NumberEncoding {
  const known = rows.map((row) => numberIn(row[column], column));
  const median = medianOf(known.filter((value) => value !== undefined));
  const mean = known.reduce<number>((sum, value) => sum + (value ?? median), 0) / rows.length;
  const variance = known.reduce<number>((sum, value) => sum + ((value ?? median) - mean) ** 2, 0) / rows.length;
  return { column, median, mean, deviation: isConstant(variance, mean, rows.length) ? 1 : Math.sqrt(variance) };
}

/**
 * Rounding leaves a trace of variance in a column that never varies; dividing by it would make noise a feature.
 * The bound is scikit-learn's: T. Chan et al., "Algorithms for computing the sample variance", 1983.
 */
const isConstant = (variance: number, mean: number, rows: number): boolean =>
  variance <= rows * Number.EPSILON * variance + (rows * mean * Number.EPSILON) ** 2;

function categoryEncoding(column: string, rows: readonly Row[]): CategoryEncoding {
  const seen = new Set(rows.map((row) => categoryIn(row[column], column)).filter((value) => value !== undefined));
  return { column, categories: [...seen].sort() };
}

/** 0 where every value is missing, as with scikit-learn's keep_empty_features. */
function medianOf(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function numberIn(value: Cell | undefined, column: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new RangeError(`${JSON.stringify(value)} in the column '${column}'; expected a finite number`);
}

function categoryIn(value: Cell | undefined, column: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new RangeError(`${JSON.stringify(value)} in the column '${column}'; expected a string`);
}
