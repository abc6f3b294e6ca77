import { type BinaryMetric, type BinaryMetricName, binaryMetrics, classifiedAt } from './binary-metrics.ts';
import { type Estimate, estimateAll, type Measure, type ResamplingOptions } from './bootstrap.ts';
import { type CalibrationBin, calibrationCurve } from './calibration-curve.ts';
import { type ClassReport, type ConfusionMatrix, classReports, confusionMatrix } from './confusion.ts';
import { type PrecisionRecallPoint, precisionRecallCurve, type RocPoint, rocCurve, thinned } from './curves.ts';
import { type Decile, deciles } from './lift.ts';
import { assertProbabilities } from './probability-error.ts';
import { type RankedRows, rankRows } from './ranked-rows.ts';

export interface BinaryPredictions {
  /** 1 for the positive class */
  readonly labels: ArrayLike<number>;
  /** of the positive class, 0 to 1 */
  readonly probabilities: ArrayLike<number>;
}

export interface EvaluationOptions extends ResamplingOptions {
  /** rows with at least this probability are called positive */
  readonly threshold?: number;
  /** of the intervals */
  readonly confidence?: number;
}

/** What is undefined had too little data: no rows, or none of one class. */
export interface BinaryEvaluation {
  readonly rows: number;
  readonly positives: number;
  readonly threshold: number;
  readonly metrics: Readonly<Record<BinaryMetricName, Estimate | undefined>>;
  /** by class, 0 before 1 */
  readonly confusion: ConfusionMatrix;
  readonly classes: readonly ClassReport[];
  readonly rocCurve: readonly RocPoint[] | undefined;
  readonly precisionRecallCurve: readonly PrecisionRecallPoint[] | undefined;
  readonly calibrationCurve: readonly CalibrationBin[];
  readonly deciles: readonly Decile[] | undefined;
}

/**
 * Measures a model of two classes, every metric with the percentile interval of a stratified bootstrap; curves are thin
 * enough to draw.
 * @throws {RangeError} when lengths differ, a label is neither 0 nor 1, or a probability is not within 0 and 1
 */
export function evaluateBinary(predictions: BinaryPredictions, options: EvaluationOptions): BinaryEvaluation {
  const { threshold = 0.5 } = options;
  const ranked = rankProbabilities(predictions);
  const confusion = confusionMatrix(classifiedAt(ranked, threshold));
  const roc = rocCurve(ranked);
  const precisionRecall = precisionRecallCurve(ranked);
  return {
    rows: ranked.length,
    positives: confusion[1]![0]! + confusion[1]![1]!,
    threshold,
    metrics: estimateAll(measuresOf(ranked, threshold), ranked.labels, options),
    confusion,
    classes: classReports(confusion),
    rocCurve: roc && thinned(roc),
    precisionRecallCurve: precisionRecall && thinned(precisionRecall),
    calibrationCurve: calibrationCurve(ranked),
    deciles: deciles(ranked),
  };
}

export function rankProbabilities({ labels, probabilities }: BinaryPredictions): RankedRows {
  assertProbabilities(probabilities);
  return rankRows(labels, probabilities);
}

const measuresOf = (ranked: RankedRows, threshold: number): Record<BinaryMetricName, Measure> =>
  Object.fromEntries(
    Object.entries<BinaryMetric>(binaryMetrics).map(([name, { over }]) => [name, over(ranked, threshold)]),
  ) as Record<BinaryMetricName, Measure>;
