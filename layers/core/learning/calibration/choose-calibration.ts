import { binaryMetrics } from '../metrics/binary-metrics.ts';
import type { ResamplingOptions } from '../metrics/bootstrap.ts';
import { compareBinary, type PairedComparison } from '../metrics/compare-paired.ts';
import { rankProbabilities } from '../metrics/evaluate-binary.ts';
import { stratifiedFolds } from '../selection/folds.ts';
import { type Calibration, type CalibrationMethod, calibrateAll, fitCalibration } from './calibration.ts';

export interface CalibrationTrial {
  readonly method: CalibrationMethod;
  /** all three on rows that the calibration was not fitted to */
  readonly logLoss: number;
  readonly brierScore: number;
  readonly calibrationError: number;
  /** of the log loss with that of the scores as they are; none for `none` itself */
  readonly comparison?: PairedComparison;
}

export interface CalibrationChoice {
  /** fitted to all of the rows */
  readonly calibration: Calibration;
  readonly trials: readonly CalibrationTrial[];
}

const FOLDS = 5;
const RIVALS = ['platt', 'isotonic'] as const;
/** Two rivals have two chances to win by luck: each gets half of the 5 % (Bonferroni). */
const CONFIDENCE = 1 - 0.05 / RIVALS.length;

/**
 * Chooses how log-odds become probabilities. Platt and isotonic are cross-fitted: each row's probability comes from a
 * calibration fitted to the other folds. One of them is taken only if its log loss is lower than that of the scores as
 * they are by more than noise (paired bootstrap, 95 % over both together) and its Brier score is not higher; of two such,
 * the one with the lower log loss. In doubt the scores stay as they are: a calibration that does not help adds its own noise.
 * @param outOfFold log-odds of rows that their model did not learn from
 * @param labels 1 for the positive class, 0 for the other
 * @throws {RangeError} when lengths differ, or a class has fewer than 5 rows
 */
export function chooseCalibration(
  outOfFold: Float64Array,
  labels: Uint8Array,
  { seed, resamples = 1000 }: Pick<ResamplingOptions, 'seed'> & Partial<ResamplingOptions>,
): CalibrationChoice {
  const asIs = calibrateAll({ method: 'none' }, outOfFold);
  const trials = RIVALS.map((method) => {
    const probabilities = crossFitted(method, { outOfFold, labels, seed });
    const rivals = { labels, champion: asIs, challenger: probabilities, metric: 'log_loss' } as const;
    const comparison = compareBinary(rivals, { seed, resamples, confidence: CONFIDENCE })!;
    return { ...measured(method, labels, probabilities), comparison };
  });
  const none = measured('none', labels, asIs);
  const winner = trials
    .filter(({ comparison, brierScore }) => comparison.isBetter && brierScore <= none.brierScore)
    .reduce<CalibrationTrial>((best, trial) => (trial.logLoss < best.logLoss ? trial : best), none);
  return { calibration: fitCalibration(winner.method, outOfFold, labels), trials: [none, ...trials] };
}

interface Scored {
  readonly outOfFold: Float64Array;
  readonly labels: Uint8Array;
  readonly seed: number;
}

function crossFitted(method: CalibrationMethod, { outOfFold, labels, seed }: Scored): Float64Array {
  const probabilities = new Float64Array(labels.length);
  for (const { train, test } of stratifiedFolds({ labels, folds: FOLDS, seed })) {
    const scores = Float64Array.from(train, (row) => outOfFold[row]!);
    const calibration = fitCalibration(
      method,
      scores,
      Uint8Array.from(train, (row) => labels[row]!),
    );
    const fitted = calibrateAll(
      calibration,
      Float64Array.from(test, (row) => outOfFold[row]!),
    );
    test.forEach((row, i) => {
      probabilities[row] = fitted[i]!;
    });
  }
  return probabilities;
}

function measured(method: CalibrationMethod, labels: Uint8Array, probabilities: Float64Array): CalibrationTrial {
  const ranked = rankProbabilities({ labels, probabilities });
  const { log_loss, brier_score, expected_calibration_error } = binaryMetrics;
  return {
    method,
    logLoss: log_loss.over(ranked)()!,
    brierScore: brier_score.over(ranked)()!,
    calibrationError: expected_calibration_error.over(ranked)()!,
  };
}
