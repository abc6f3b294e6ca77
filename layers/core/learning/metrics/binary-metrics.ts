import { averagePrecision } from './average-precision.ts';
import type { Measure } from './bootstrap.ts';
import { calibrationErrorOver } from './calibration-curve.ts';
import {
  accuracy,
  type Classified,
  type ConfusionMatrix,
  classReports,
  confusionMatrix,
  macroAverage,
  weightedAverage,
} from './confusion.ts';
import { topDecileLift } from './lift.ts';
import { brierScoreOver, logLossOver } from './probability-error.ts';
import type { Counts, RankedRows } from './ranked-rows.ts';
import { rocAuc } from './roc-auc.ts';

export interface BinaryMetric {
  readonly better: 'higher' | 'lower';
  /**
   * @param ranked scores are probabilities
   * @param threshold rows with at least this probability are called positive
   */
  readonly over: (ranked: RankedRows, threshold: number) => Measure;
}

const ofConfusion = (figure: (matrix: ConfusionMatrix) => number | undefined): BinaryMetric => ({
  better: 'higher',
  over: (ranked, threshold) => {
    const classified = classifiedAt(ranked, threshold);
    return (counts) => figure(confusionMatrix(classified, counts));
  },
});

const ofRanks = (figure: (ranked: RankedRows, counts?: Counts) => number | undefined): BinaryMetric => ({
  better: 'higher',
  over: (ranked) => (counts) => figure(ranked, counts),
});

const positive = (matrix: ConfusionMatrix) => classReports(matrix)[1]!;

/** What a model of two classes is measured by. Precision, recall and F1 are the positive class'. */
export const binaryMetrics = {
  roc_auc: ofRanks(rocAuc),
  pr_auc: ofRanks(averagePrecision),
  log_loss: { better: 'lower', over: logLossOver },
  brier_score: { better: 'lower', over: brierScoreOver },
  expected_calibration_error: { better: 'lower', over: (ranked) => calibrationErrorOver(ranked) },
  accuracy: ofConfusion(accuracy),
  precision: ofConfusion((matrix) => positive(matrix).precision),
  recall: ofConfusion((matrix) => positive(matrix).recall),
  f1: ofConfusion((matrix) => positive(matrix).f1),
  macro_f1: ofConfusion((matrix) => macroAverage(classReports(matrix), 'f1')),
  weighted_f1: ofConfusion((matrix) => weightedAverage(classReports(matrix), 'f1')),
  top_decile_lift: ofRanks(topDecileLift),
} as const satisfies Record<string, BinaryMetric>;

export type BinaryMetricName = keyof typeof binaryMetrics;

/** The ranked rows, called positive from the threshold up. */
export const classifiedAt = ({ labels, scores }: RankedRows, threshold: number): Classified => ({
  labels,
  predicted: Uint8Array.from(scores, (score) => (score >= threshold ? 1 : 0)),
  classes: 2,
});
