import { logSumExp, sigmoid, softplus } from '../log-odds.ts';
import { softmax } from './ensemble.ts';

/** Labels and weights of rows. */
export interface Targets {
  readonly labels: ArrayLike<number>;
  readonly weights: Float64Array;
}

/** A loss that boosting takes down. Scores are row-major, rows x outputs. */
export interface Loss {
  readonly outputs: number;
  /** The constant scores of the least loss. */
  baseScores(targets: Targets): number[];
  /** Before the derivatives of an iteration: what they share. */
  prepare(scores: Float64Array): void;
  /** Weighted first and second derivatives by one output's scores. */
  derivatives(output: number, targets: Targets, gradients: Float32Array, hessians: Float32Array): void;
  /** Weighted mean over the rows, in nats. */
  mean(scores: Float64Array, targets: Targets): number;
}

/** Two classes and one score, the log-odds of class 1: w (p - y) and w p (1 - p). */
export function logLoss(): Loss {
  let current: Float64Array = new Float64Array();
  return {
    outputs: 1,
    baseScores(targets) {
      const [negative, positive] = classWeight(targets, 2);
      return [Math.log(positive! / negative!)];
    },
    prepare(scores) {
      current = scores;
    },
    derivatives(_output, { labels, weights }, gradients, hessians) {
      for (let row = 0; row < current.length; row++) {
        const p = sigmoid(current[row]!);
        gradients[row] = weights[row]! * (p - labels[row]!);
        hessians[row] = weights[row]! * p * (1 - p);
      }
    },
    mean: (scores, targets) => weightedMean(targets, (row, label) => softplus(scores[row]!) - label * scores[row]!),
  };
}

/** One score per class: w (p_k - y_k) and w p_k (1 - p_k), the diagonal of the Hessian. */
export function softmaxLoss(classes: number): Loss {
  let current: Float64Array = new Float64Array();
  return {
    outputs: classes,
    baseScores(targets) {
      const logs = classWeight(targets, classes).map(Math.log);
      const mean = logs.reduce((a, b) => a + b) / classes;
      return logs.map((log) => log - mean);
    },
    prepare(scores) {
      current = scores.slice();
      for (let at = 0; at < current.length; at += classes) softmax(current.subarray(at, at + classes));
    },
    derivatives(output, { labels, weights }, gradients, hessians) {
      for (let row = 0; row < gradients.length; row++) {
        const p = current[row * classes + output]!;
        gradients[row] = weights[row]! * (p - Number(labels[row] === output));
        hessians[row] = weights[row]! * p * (1 - p);
      }
    },
    mean: (scores, targets) =>
      weightedMean(targets, (row, label) => {
        const own = scores.subarray(row * classes, (row + 1) * classes);
        return logSumExp(own) - own[label]!;
      }),
  };
}

function classWeight({ labels, weights }: Targets, classes: number): number[] {
  const sums = new Array<number>(classes).fill(0);
  for (let row = 0; row < weights.length; row++) sums[labels[row]!]! += weights[row]!;
  return sums;
}

function weightedMean({ labels, weights }: Targets, value: (row: number, label: number) => number): number {
  let sum = 0;
  let weight = 0;
  for (let row = 0; row < weights.length; row++) {
    sum += weights[row]! * value(row, labels[row]!);
    weight += weights[row]!;
  }
  return sum / weight;
}
