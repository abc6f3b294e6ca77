import { type Counts, endsTie, type RankedRows, totalsOf } from './ranked-rows.ts';

/**
 * Average precision, the area under the precision-recall curve without interpolation: the sum over thresholds of
 * (recall_n - recall_(n-1)) * precision_n, as scikit-learn's average_precision_score.
 * @returns nothing where one of the classes has no rows
 */
export function averagePrecision(ranked: RankedRows, counts?: Counts): number | undefined {
  const { labels, length } = ranked;
  const total = totalsOf(ranked, counts);
  if (total.positives === 0 || total.positives === total.rows) return undefined;
  let rows = 0;
  let positives = 0;
  let atLastTie = 0;
  let area = 0;
  for (let i = 0; i < length; i++) {
    const count = counts ? counts[i]! : 1;
    rows += count;
    positives += count * labels[i]!;
    if (!endsTie(ranked, i) || positives === atLastTie) continue;
    area += ((positives - atLastTie) / total.positives) * (positives / rows);
    atLastTie = positives;
  }
  return area;
}
