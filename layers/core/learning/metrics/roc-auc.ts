import { type Counts, endsTie, type RankedRows } from './ranked-rows.ts';

/**
 * Area under the ROC curve: the chance that a positive row has a higher score than a negative one, a tie counting half
 * (the statistic of Mann and Whitney). Source: T. Fawcett, "An introduction to ROC analysis", 2006.
 * @returns nothing where one of the classes has no rows
 */
export function rocAuc(ranked: RankedRows, counts?: Counts): number | undefined {
  const { labels, length } = ranked;
  let positives = 0;
  let negatives = 0;
  let tiePositives = 0;
  let tieNegatives = 0;
  let won = 0;
  for (let i = 0; i < length; i++) {
    const count = counts ? counts[i]! : 1;
    if (labels[i] === 1) tiePositives += count;
    else tieNegatives += count;
    if (!endsTie(ranked, i)) continue;
    won += tieNegatives * (positives + tiePositives / 2);
    positives += tiePositives;
    negatives += tieNegatives;
    tiePositives = 0;
    tieNegatives = 0;
  }
  return positives === 0 || negatives === 0 ? undefined : won / (positives * negatives);
}
