import { type Counts, endsTie, type RankedRows, totalsOf } from './ranked-rows.ts';

/** One tenth of the rows, by falling score. */
export interface Decile {
  /** 1 has the highest scores */
  readonly decile: number;
  /** how many times the share of positives over all rows this decile's share is */
  readonly lift: number;
  /** the same for this decile and those before it */
  readonly cumulativeLift: number;
  /** the share of all positives within this decile and those before it */
  readonly gain: number;
}

const DECILES = 10;

/**
 * Gains and lift by decile. Rows with equal scores share their positives evenly, so that no order among them shows.
 * Source: M. Berry, G. Linoff, "Data mining techniques", 3rd ed. 2011, chapter 5.
 * @returns nothing where there are no rows, or none is positive
 */
export function deciles(ranked: RankedRows): Decile[] | undefined {
  const gains = Array.from({ length: DECILES + 1 }, (_, i) => gainAt(ranked, i / DECILES));
  if (gains[0] === undefined) return undefined;
  return gains.slice(1).map((gain, i) => ({
    decile: i + 1,
    lift: (gain! - gains[i]!) * DECILES,
    cumulativeLift: (gain! * DECILES) / (i + 1),
    gain: gain!,
  }));
}

/** The lift of the tenth of the rows that have the highest scores. @returns nothing as in {@link deciles} */
export function topDecileLift(ranked: RankedRows, counts?: Counts): number | undefined {
  const gain = gainAt(ranked, 1 / DECILES, counts);
  return gain === undefined ? undefined : gain * DECILES;
}

/** The share of all positives among the given share of the rows, linear within a tie. */
function gainAt(ranked: RankedRows, share: number, counts?: Counts): number | undefined {
  const total = totalsOf(ranked, counts);
  if (total.positives === 0) return undefined;
  const wanted = share * total.rows;
  let rows = 0;
  let positives = 0;
  let before = { rows: 0, positives: 0 };
  for (let i = 0; i < ranked.length; i++) {
    const count = counts ? counts[i]! : 1;
    rows += count;
    positives += count * ranked.labels[i]!;
    if (!endsTie(ranked, i)) continue;
    if (rows >= wanted) break;
    before = { rows, positives };
  }
  const within = rows === before.rows ? 0 : (wanted - before.rows) / (rows - before.rows);
  return (before.positives + within * (positives - before.positives)) / total.positives;
}
