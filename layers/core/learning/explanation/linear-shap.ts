import type { LogisticModel } from '../linear/logistic.ts';
import type { Matrix } from '../matrix.ts';

/** The mean of each column; what linear SHAP compares a row with. */
export function columnMeans({ rows, columns, values }: Matrix): Float64Array {
  if (rows === 0) throw new RangeError('no rows; a mean needs at least one');
  const means = new Float64Array(columns);
  values.forEach((value, at) => {
    means[at % columns]! += value;
  });
  return means.map((sum) => sum / rows);
}

/** In log-odds; a row's contributions and the base value add up to what the model says of it. */
export interface Contributions {
  /** what the model says of the average row */
  readonly baseValue: number;
  readonly rows: number;
  readonly columns: number;
  /** row-major, rows x columns */
  readonly values: Float64Array;
}

/**
 * SHAP values of a linear model whose features are taken as independent: weight * (value - mean).
 * Source: S. Lundberg, S.-I. Lee, "A unified approach to interpreting model predictions", 2017, corollary 1.
 * @param means of the training rows' features
 * @throws {RangeError} when weights, means and columns are not equally many
 */
export function linearShap(
  { weights, intercept }: LogisticModel,
  means: ArrayLike<number>,
  matrix: Matrix,
): Contributions {
  const { rows, columns } = matrix;
  if (weights.length !== columns || means.length !== columns) {
    throw new RangeError(`${columns} columns for ${weights.length} weights and ${means.length} means`);
  }
  const baseValue = weights.reduce((sum, weight, j) => sum + weight * means[j]!, intercept);
  const values = Float64Array.from(matrix.values, (value, at) => {
    const j = at % columns;
    return weights[j]! * (value - means[j]!);
  });
  return { baseValue, rows, columns, values };
}
