import { calibrateAll } from '../calibration/calibration.ts';
import { type BinaryMetricName, binaryMetrics } from '../metrics/binary-metrics.ts';
import { rankProbabilities } from '../metrics/evaluate-binary.ts';
import { type LabelledRows, subset } from '../table/row.ts';
import type { Candidate } from './candidate.ts';
import type { Split } from './folds.ts';

export interface CrossValidation {
  /** log-odds of each row, by a model that did not learn from it */
  readonly outOfFold: Float64Array;
  /** the metric on each held-out fold, of its log-odds taken for what they are */
  readonly foldScores: readonly number[];
}

export interface Folds {
  readonly data: LabelledRows;
  /** each row is held out once */
  readonly splits: readonly Split[];
}

/**
 * Fits a candidate to each fold's training rows and measures it on the rows held out.
 * @throws {RangeError} when a fold has too little data for the metric
 */
export function crossValidate(
  candidate: Pick<Candidate, 'fit'>,
  { data, splits }: Folds,
  metric: BinaryMetricName,
): CrossValidation {
  const outOfFold = new Float64Array(data.rows.length);
  const foldScores = splits.map(({ train, test }, fold) => {
    const heldOut = subset(data, test);
    const logOdds = candidate.fit(subset(data, train)).logOdds(heldOut.rows);
    test.forEach((row, i) => {
      outOfFold[row] = logOdds[i]!;
    });
    const score = scoreOf(metric, heldOut.labels, logOdds);
    if (score === undefined) throw new RangeError(`fold ${fold} has too few rows of a class for ${metric}`);
    return score;
  });
  return { outOfFold, foldScores };
}

const THRESHOLD = 0.5;

function scoreOf(metric: BinaryMetricName, labels: Uint8Array, logOdds: Float64Array): number | undefined {
  const probabilities = calibrateAll({ method: 'none' }, logOdds);
  return binaryMetrics[metric].over(rankProbabilities({ labels, probabilities }), THRESHOLD)();
}
