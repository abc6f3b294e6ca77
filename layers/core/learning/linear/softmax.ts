import { logSumExp } from '../log-odds.ts';
import type { Matrix } from '../matrix.ts';
import { assertTrainingSet, rowWeights, type TrainingSet } from '../trees/training-set.ts';
import type { MinimizeOptions } from './lbfgs.ts';
import { type AsyncObjective, minimize, minimizeAsync, type Objective } from './minimize.ts';
import { addPenalty, assertLinear, type PenaltyOptions } from './penalty.ts';

/** logits = intercepts + weights . features */
export interface SoftmaxModel {
  readonly classes: number;
  readonly features: number;
  /** row-major, classes x features */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
}

const tight: MinimizeOptions = { gradientTolerance: 1e-8, lossTolerance: 0, maxIterations: 1000 };

/**
 * Softmax regression with an L2 penalty, as scikit-learn's multinomial LogisticRegression.
 * @param set no value is missing
 * @throws {RangeError} when the rows cannot be learnt from, a value is missing, or C is not above 0
 */
export function fitSoftmax(set: TrainingSet, { C = 1, classWeights }: PenaltyOptions = {}): SoftmaxModel {
  assertTrainingSet(set);
  assertLinear(set.features, C);
  const weights = rowWeights(set, classWeights);
  const strength = 1 / (C * weights.reduce((sum, weight) => sum + weight, 0));
  const crossEntropy = crossEntropyOf(set, weights);
  const shape = { classes: set.classes, features: set.features.columns };
  const penalised: Objective = (point, gradient) =>
    crossEntropy(point, gradient) + addPenalty(weightsIn(point, shape), gradient, strength);
  return modelAt(minimize(penalised, startOf(shape), tight).point, shape);
}

export interface SoftmaxProblem {
  readonly classes: number;
  readonly features: number;
  /** as many as the loss is the mean of */
  readonly rows: number;
  readonly C?: number;
  /** by default looser than {@link fitSoftmax}, as the gradients of other runtimes are float32 */
  readonly stop?: MinimizeOptions;
}

/**
 * The same with the loss and its gradient computed elsewhere, as on embeddings by onnxruntime.
 * @param crossEntropy the mean over the rows, without penalty, as {@link crossEntropyOf} has it
 */
export async function fitSoftmaxOn(crossEntropy: AsyncObjective, problem: SoftmaxProblem): Promise<SoftmaxModel> {
  const { rows, C = 1, stop = { gradientTolerance: 1e-5, lossTolerance: 1e-7 } } = problem;
  const penalised: AsyncObjective = async (point, gradient) => {
    const loss = await crossEntropy(point, gradient);
    return loss + addPenalty(weightsIn(point, problem), gradient, 1 / (C * rows));
  };
  const { point } = await minimizeAsync(penalised, startOf(problem), stop);
  return modelAt(point, problem);
}

/**
 * The mean weighted cross-entropy, at the weights (classes x features, row-major) followed by the intercepts.
 * @param weights of the rows
 */
export function crossEntropyOf({ features, labels, classes }: TrainingSet, weights: Float64Array): Objective {
  const { rows, columns, values } = features;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const biases = classes * columns;
  const logits = new Float64Array(classes);
  return (point, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (let row = 0; row < rows; row++) {
      const inputs = values.subarray(row * columns, (row + 1) * columns);
      const label = labels[row]!;
      const weight = weights[row]! / total;
      writeLogits(point, inputs, logits);
      const logSum = logSumExp(logits);
      loss += weight * (logSum - logits[label]!);
      for (let k = 0; k < classes; k++) {
        const error = weight * (Math.exp(logits[k]! - logSum) - (k === label ? 1 : 0));
        for (let j = 0; j < columns; j++) gradient[k * columns + j]! += error * inputs[j]!;
        gradient[biases + k]! += error;
      }
    }
    return loss;
  };
}

function writeLogits(point: Float64Array, features: Float32Array, logits: Float64Array): void {
  const columns = features.length;
  for (let k = 0; k < logits.length; k++) {
    let logit = point[logits.length * columns + k]!;
    for (let j = 0; j < columns; j++) logit += point[k * columns + j]! * features[j]!;
    logits[k] = logit;
  }
}

/**
 * The probability of each class, a row for each row of features.
 * @throws {RangeError} when the matrix has other columns than the model was trained on
 */
export function softmaxProbabilities(model: SoftmaxModel, matrix: Matrix): Matrix {
  const { classes, features, weights, intercepts } = model;
  if (matrix.columns !== features)
    throw new RangeError(`${matrix.columns} columns; the model has ${features} features`);
  const point = startOf(model);
  point.set(weights);
  point.set(intercepts, weights.length);
  const logits = new Float64Array(classes);
  const values = new Float32Array(matrix.rows * classes);
  for (let row = 0; row < matrix.rows; row++) {
    writeLogits(point, matrix.values.subarray(row * features, (row + 1) * features), logits);
    const logSum = logSumExp(logits);
    logits.forEach((logit, k) => {
      values[row * classes + k] = Math.exp(logit - logSum);
    });
  }
  return { rows: matrix.rows, columns: classes, values };
}

type Shape = Pick<SoftmaxProblem, 'classes' | 'features'>;

const startOf = ({ classes, features }: Shape): Float64Array => new Float64Array(classes * (features + 1));

const weightsIn = (point: Float64Array, { classes, features }: Shape): Float64Array =>
  point.subarray(0, classes * features);

const modelAt = (point: Float64Array, { classes, features }: Shape): SoftmaxModel => ({
  classes,
  features,
  weights: point.slice(0, classes * features),
  intercepts: point.slice(classes * features),
});
