import type { Matrix } from '../matrix.ts';
import { type Estimate, estimateAll, type Measure } from './bootstrap.ts';
import type { ComparisonOptions } from './compare-paired.ts';
import {
  accuracy,
  type ClassReport,
  type ConfusionMatrix,
  classReports,
  confusionMatrix,
  macroAverage,
  weightedAverage,
} from './confusion.ts';
import { meanOf } from './probability-error.ts';

export interface ClassPredictions {
  /** class of each row, 0 to columns - 1 */
  readonly labels: Uint8Array;
  /** a row of probabilities for each row, a column for each class */
  readonly probabilities: Matrix;
}

export type ClassMetricName = 'accuracy' | 'macro_f1' | 'weighted_f1' | 'log_loss';

export interface ClassEvaluation {
  readonly rows: number;
  readonly metrics: Readonly<Record<ClassMetricName, Estimate | undefined>>;
  readonly confusion: ConfusionMatrix;
  readonly classes: readonly ClassReport[];
}

/**
 * Measures a model of any number of classes, which calls a row what is most probable.
 * @throws {RangeError} when there are not as many labels as rows, or a label is no class
 */
export function evaluateClasses(predictions: ClassPredictions, options: ComparisonOptions): ClassEvaluation {
  const { labels, probabilities } = predictions;
  const classified = { labels, predicted: mostProbable(probabilities), classes: probabilities.columns };
  const confusion = confusionMatrix(classified);
  const ofConfusion =
    (figure: (matrix: ConfusionMatrix) => number | undefined): Measure =>
    (counts) =>
      figure(confusionMatrix(classified, counts));
  const measures = {
    accuracy: ofConfusion(accuracy),
    macro_f1: ofConfusion((matrix) => macroAverage(classReports(matrix), 'f1')),
    weighted_f1: ofConfusion((matrix) => weightedAverage(classReports(matrix), 'f1')),
    log_loss: meanOf(ofClass(predictions).map((probability) => -Math.log(Math.max(probability, Number.EPSILON)))),
  };
  return {
    rows: labels.length,
    metrics: estimateAll(measures, labels, options),
    confusion,
    classes: classReports(confusion),
  };
}

/** The column of the largest value of each row; the first of equals. */
export const mostProbable = ({ rows, columns, values }: Matrix): Uint8Array =>
  Uint8Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let column = 1; column < columns; column++) {
      if (values[row * columns + column]! > values[row * columns + best]!) best = column;
    }
    return best;
  });

const ofClass = ({ labels, probabilities: { columns, values } }: ClassPredictions): Float64Array =>
  Float64Array.from(labels, (label, row) => values[row * columns + label]!);
