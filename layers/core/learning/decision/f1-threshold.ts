import { type RankedRows, totalsOf } from '../metrics/ranked-rows.ts';
import { cutsOf } from './cost-threshold.ts';

/**
 * The threshold with the highest F1 of the positive class over rows that the model did not learn from; the highest of
 * equals. It is for where nobody can name costs: F1 knows nothing of what the negatives are worth.
 * @param ranked scores are probabilities
 * @returns nothing where no row is positive
 */
export function f1Threshold(ranked: RankedRows): { readonly threshold: number; readonly f1: number } | undefined {
  const total = totalsOf(ranked);
  if (total.positives === 0) return undefined;
  return cutsOf(ranked)
    .map(({ threshold, rows, positives }) => ({ threshold, f1: (2 * positives) / (rows + total.positives) }))
    .reduce((best, cut) => (cut.f1 > best.f1 ? cut : best));
}
