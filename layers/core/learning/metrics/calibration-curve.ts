import type { Measure } from './bootstrap.ts';
import { assertProbabilities } from './probability-error.ts';
import type { Counts, RankedRows } from './ranked-rows.ts';

/** The rows whose probabilities fall into one bin. */
export interface CalibrationBin {
  readonly rows: number;
  readonly meanProbability: number;
  /** the share of its rows that are positive */
  readonly positiveRate: number;
}

/**
 * The bins of a reliability diagram that have rows, by rising probability: `bins` of equal width over [0, 1], closed on
 * the right, as scikit-learn's calibration_curve(strategy='uniform').
 * @param ranked scores are probabilities
 */
export function calibrationCurve(ranked: RankedRows, bins = 10): CalibrationBin[] {
  const sums = sumBins(ranked, binsOf(ranked, bins), bins);
  return Array.from({ length: bins }, (_, bin) => ({
    rows: sums.rows[bin]!,
    meanProbability: sums.probabilities[bin]! / sums.rows[bin]!,
    positiveRate: sums.positives[bin]! / sums.rows[bin]!,
  })).filter(({ rows }) => rows > 0);
}

/**
 * Expected calibration error of the positive class' probability: over the same bins, the mean of
 * |mean probability - positive rate|, each bin weighing as many rows as it has.
 * Source: M. Naeini et al., "Obtaining well calibrated probabilities using Bayesian binning", 2015.
 * @param ranked scores are probabilities
 */
export function calibrationErrorOver(ranked: RankedRows, bins = 10): Measure {
  const binOfRow = binsOf(ranked, bins);
  return (counts) => {
    const { rows, probabilities, positives } = sumBins(ranked, binOfRow, bins, counts);
    const total = rows.reduce((sum, count) => sum + count, 0);
    const gap = probabilities.reduce((sum, probability, bin) => sum + Math.abs(probability - positives[bin]!), 0);
    return total === 0 ? undefined : gap / total;
  };
}

function binsOf({ scores }: RankedRows, bins: number): Uint16Array {
  if (!Number.isInteger(bins) || bins < 1) throw new RangeError(`${bins} bins; expected at least 1`);
  assertProbabilities(scores);
  return Uint16Array.from(scores, (probability) => Math.max(0, Math.ceil(probability * bins) - 1));
}

function sumBins({ labels, scores, length }: RankedRows, binOfRow: Uint16Array, bins: number, counts?: Counts) {
  const rows = new Float64Array(bins);
  const probabilities = new Float64Array(bins);
  const positives = new Float64Array(bins);
  for (let i = 0; i < length; i++) {
    const count = counts ? counts[i]! : 1;
    const bin = binOfRow[i]!;
    rows[bin]! += count;
    probabilities[bin]! += count * scores[i]!;
    positives[bin]! += count * labels[i]!;
  }
  return { rows, probabilities, positives };
}
