import { type BinaryMetricName, binaryMetrics } from './binary-metrics.ts';
import { type Estimate, estimateOf, type Measure, type ResamplingOptions, resample } from './bootstrap.ts';
import { type BinaryPredictions, rankProbabilities } from './evaluate-binary.ts';
import type { RankedRows } from './ranked-rows.ts';

export interface PairedComparison {
  readonly better: 'higher' | 'lower';
  readonly champion: number;
  readonly challenger: number;
  /** challenger - champion, whichever way is better */
  readonly difference: Estimate;
  /** the share of the resamples in which the challenger is better, draws counting half */
  readonly probabilityBetter: number;
  /** whether the whole interval lies on the better side: by more than noise */
  readonly isBetter: boolean;
}

/** Two measures of the same rows; their counts are in the order of the strata. */
export interface MeasuredPair {
  readonly strata: Uint8Array;
  readonly champion: Measure;
  readonly challenger: Measure;
  readonly better: 'higher' | 'lower';
}

export type ComparisonOptions = ResamplingOptions & { readonly confidence?: number };

/**
 * Compares two models by the same resamples of the same rows: what the rows do to both alike cancels.
 * Source: B. Efron, R. Tibshirani, "An introduction to the bootstrap", 1993, chapter 13.
 * @returns nothing where the rows are too few for the metric
 */
export function comparePaired(pair: MeasuredPair, options: ComparisonOptions): PairedComparison | undefined {
  const champion = pair.champion();
  const challenger = pair.challenger();
  if (champion === undefined || challenger === undefined) return undefined;
  const differences: number[] = [];
  resample(pair.strata, options, (counts) => {
    const [first, second] = [pair.champion(counts), pair.challenger(counts)];
    if (first !== undefined && second !== undefined) differences.push(second - first);
  });
  const difference = estimateOf(challenger - champion, differences, options.confidence ?? 0.95);
  if (difference === undefined) return undefined;
  const { better } = pair;
  const sign = better === 'higher' ? 1 : -1;
  const won = differences.reduce((sum, value) => sum + (1 + Math.sign(sign * value)) / 2, 0);
  return {
    better,
    champion,
    challenger,
    difference,
    probabilityBetter: won / differences.length,
    isBetter: better === 'higher' ? difference.low > 0 : difference.high < 0,
  };
}

export interface BinaryRivals {
  readonly labels: ArrayLike<number>;
  /** probabilities for the same rows */
  readonly champion: ArrayLike<number>;
  readonly challenger: ArrayLike<number>;
  readonly metric: BinaryMetricName;
  /** rows with at least this probability are called positive */
  readonly threshold?: number;
}

/**
 * Compares two models of two classes on the same rows.
 * @throws {RangeError} when lengths differ, a label is neither 0 nor 1, or a probability is not within 0 and 1
 */
export function compareBinary(rivals: BinaryRivals, options: ComparisonOptions): PairedComparison | undefined {
  const { labels, metric, threshold = 0.5 } = rivals;
  const { better, over } = binaryMetrics[metric];
  const measureOf = (predictions: BinaryPredictions): Measure => {
    const ranked = rankProbabilities(predictions);
    return inRankOrder(ranked, over(ranked, threshold));
  };
  const champion = measureOf({ labels, probabilities: rivals.champion });
  const challenger = measureOf({ labels, probabilities: rivals.challenger });
  return comparePaired({ strata: Uint8Array.from(labels), champion, challenger, better }, options);
}

/** Lets a measure over ranked rows take counts in the order in which the rows came. */
function inRankOrder({ rows, length }: RankedRows, measure: Measure): Measure {
  const ranked = new Uint16Array(length);
  return (counts) => {
    if (counts === undefined) return measure();
    for (let i = 0; i < length; i++) ranked[i] = counts[rows[i]!]!;
    return measure(ranked);
  };
}
