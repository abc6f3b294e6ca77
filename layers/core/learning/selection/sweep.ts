import { type BinaryMetricName, binaryMetrics } from '../metrics/binary-metrics.ts';
import type { Candidate } from './candidate.ts';
import { crossValidate, type Folds } from './cross-validate.ts';

/** How one candidate did. */
export interface Trial {
  readonly name: string;
  readonly params: Candidate['params'];
  readonly foldScores: readonly number[];
  readonly mean: number;
  /** of the mean: the folds' standard deviation over the root of their number */
  readonly standardError: number;
  /** how much worse than the best, fold by fold; 0 for the best itself */
  readonly behindBest: { readonly mean: number; readonly standardError: number };
  /** of all its fits, where a clock was handed in */
  readonly durationMs?: number;
}

export interface SweepReport {
  readonly metric: BinaryMetricName;
  readonly better: 'higher' | 'lower';
  /** every candidate, in the order in which they were handed in */
  readonly trials: readonly Trial[];
  /** the index of the best mean */
  readonly best: number;
  /** the index of the first candidate that is behind the best by no more than the standard error of that */
  readonly chosen: number;
}

export interface SweepOptions {
  readonly metric?: BinaryMetricName;
  /** milliseconds; the report is the same every time only without it */
  readonly now?: () => number;
}

/**
 * Cross-validates candidates on the same folds, and chooses by the rule of one standard error: the simplest that is not
 * clearly worse than the best. Source: L. Breiman et al., "Classification and regression trees", 1984, section 3.4.3;
 * the error here is that of the difference, since a hard fold is hard for all: theirs, of the best's mean, is so wide
 * on few folds that it takes models that are worse on every one of them.
 * @param candidates from the simplest to the most complex
 * @throws {RangeError} when there are none, or two have the same name
 * @returns the report, and the out-of-fold log-odds of each candidate
 */
export function sweep(
  candidates: readonly Candidate[],
  folds: Folds,
  { metric = 'log_loss', now }: SweepOptions = {},
): { readonly report: SweepReport; readonly outOfFold: readonly Float64Array[] } {
  assertCandidates(candidates);
  const results = candidates.map((candidate) => {
    const startedAt = now?.();
    const { outOfFold, foldScores } = crossValidate(candidate, folds, metric);
    const time = now && startedAt !== undefined ? { durationMs: now() - startedAt } : {};
    return { outOfFold, measured: { name: candidate.name, params: candidate.params, foldScores, ...time } };
  });
  const report = sweepReport(
    results.map(({ measured }) => measured),
    metric,
  );
  return { report, outOfFold: results.map(({ outOfFold }) => outOfFold) };
}

/** A candidate as far as it was cross-validated by itself. */
export type Measured = Pick<Trial, 'name' | 'params' | 'foldScores' | 'durationMs'>;

/** Chooses among candidates that were cross-validated on the same folds, here or elsewhere, as {@link sweep} does. */
export function sweepReport(measured: readonly Measured[], metric: BinaryMetricName): SweepReport {
  assertCandidates(measured);
  const { better } = binaryMetrics[metric];
  const { best, behindBest, chosen } = choose(
    measured.map(({ foldScores }) => foldScores),
    better,
  );
  const trials = measured.map((one, i): Trial => ({ ...one, ...meanOf(one.foldScores), behindBest: behindBest[i]! }));
  return { metric, better, trials, best, chosen };
}

interface Mean {
  readonly mean: number;
  readonly standardError: number;
}

/** @param scores of each candidate, on the same folds */
function choose(
  scores: readonly (readonly number[])[],
  better: 'higher' | 'lower',
): { readonly best: number; readonly chosen: number; readonly behindBest: readonly Mean[] } {
  const sign = better === 'higher' ? 1 : -1;
  const means = scores.map((folds) => sign * meanOf(folds).mean);
  const best = means.reduce((most, mean, i) => (mean > means[most]! ? i : most), 0);
  const behindBest = scores.map((folds) => meanOf(folds.map((score, fold) => sign * (scores[best]![fold]! - score))));
  const chosen = behindBest.findIndex(({ mean, standardError }) => mean <= standardError);
  return { best, chosen, behindBest };
}

function meanOf(scores: readonly number[]): Mean {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (scores.length - 1);
  return { mean, standardError: Math.sqrt(variance / scores.length) };
}

function assertCandidates(candidates: readonly Pick<Candidate, 'name'>[]): void {
  if (candidates.length === 0) throw new RangeError('no candidates; a sweep needs at least one');
  const names = new Set<string>();
  for (const { name } of candidates) {
    if (names.has(name)) throw new RangeError(`two candidates are named '${name}'`);
    names.add(name);
  }
}
