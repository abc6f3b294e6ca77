import { sigmoid, softplus } from '../log-odds.ts';
import type { Matrix } from '../matrix.ts';
import { assertTrainingSet, rowWeights, type TrainingSet } from '../trees/training-set.ts';
import type { MinimizeOptions } from './lbfgs.ts';
import { minimize, type Objective } from './minimize.ts';
import { addPenalty, assertLinear, type PenaltyOptions } from './penalty.ts';

/** log-odds = intercept + weights . features; plain data. */
export interface LogisticModel {
  readonly weights: readonly number[];
  readonly intercept: number;
}

/** Tight enough for coefficients to be scikit-learn's of solver='newton-cholesky' to 1e-6. */
const tight: MinimizeOptions = { gradientTolerance: 1e-9, lossTolerance: 0, maxIterations: 1000 };

/**
 * Logistic regression with an L2 penalty: the weights that minimise C * sum of weighted log losses + |w|^2 / 2.
 * @param set two classes, of which 1 is the positive one; no value is missing
 * @throws {RangeError} when the rows cannot be learnt from, a value is missing, or C is not above 0
 */
export function fitLogistic(set: TrainingSet, { C = 1, classWeights }: PenaltyOptions = {}): LogisticModel {
  assertTrainingSet(set);
  assertLinear(set.features, C);
  if (set.classes !== 2) throw new RangeError(`there are ${set.classes} classes; logistic regression knows two`);
  const objective = penalisedLoss(set, rowWeights(set, classWeights), C);
  const { point } = minimize(objective, new Float64Array(set.features.columns + 1), tight);
  return { weights: [...point.subarray(0, -1)], intercept: point.at(-1)! };
}

/** The mean weighted log loss with its penalty, over weights followed by the intercept. */
function penalisedLoss({ features, labels }: TrainingSet, weights: Float64Array, C: number): Objective {
  const { rows, columns, values } = features;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return (point, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (let row = 0; row < rows; row++) {
      const offset = row * columns;
      let logOdds = point[columns]!;
      for (let j = 0; j < columns; j++) logOdds += point[j]! * values[offset + j]!;
      const weight = weights[row]! / total;
      loss += weight * (softplus(logOdds) - labels[row]! * logOdds);
      const error = weight * (sigmoid(logOdds) - labels[row]!);
      for (let j = 0; j < columns; j++) gradient[j]! += error * values[offset + j]!;
      gradient[columns]! += error;
    }
    return loss + addPenalty(point.subarray(0, columns), gradient, 1 / (C * total));
  };
}

/**
 * The log-odds of the positive class, one for each row.
 * @throws {RangeError} when the matrix has other columns than the model was trained on
 */
export function logisticLogOdds({ weights, intercept }: LogisticModel, matrix: Matrix): Float64Array {
  const { rows, columns, values } = matrix;
  if (columns !== weights.length) throw new RangeError(`${columns} columns; the model has ${weights.length} weights`);
  return Float64Array.from({ length: rows }, (_, row) => {
    let logOdds = intercept;
    for (let j = 0; j < columns; j++) logOdds += weights[j]! * values[row * columns + j]!;
    return logOdds;
  });
}
