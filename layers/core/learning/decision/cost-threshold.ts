import { stepsOf } from '../metrics/curves.ts';
import { type RankedRows, totalsOf } from '../metrics/ranked-rows.ts';

/** What each outcome costs, in one unit; what it earns is below zero. */
export interface CostMatrix {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly trueNegative: number;
  readonly falseNegative: number;
}

export interface CostThreshold {
  /** rows with at least this probability are called positive */
  readonly threshold: number;
  /** per row */
  readonly expectedCost: number;
  /** what the threshold would be if the probabilities were exact */
  readonly theoreticalThreshold: number;
}

/**
 * The threshold with the lowest mean cost over rows that the model did not learn from. Of equals, the one nearest to
 * the theoretical threshold (FP - TN) / (FP - TN + FN - TP).
 * Source: C. Elkan, "The foundations of cost-sensitive learning", 2001.
 * @param ranked scores are calibrated probabilities
 * @returns nothing where there are no rows
 * @throws {RangeError} when a mistake costs no more than being right: no threshold makes sense of that
 */
export function costThreshold(ranked: RankedRows, costs: CostMatrix): CostThreshold | undefined {
  const theoreticalThreshold = thresholdOf(costs);
  const priced = costCurve(ranked, costs);
  if (priced.length === 0) return undefined;
  const lowest = Math.min(...priced.map(({ expectedCost }) => expectedCost));
  const distance = ({ threshold }: { threshold: number }): number => Math.abs(threshold - theoreticalThreshold);
  const [best] = priced
    .filter(({ expectedCost }) => expectedCost === lowest)
    .toSorted((a, b) => distance(a) - distance(b));
  return { ...best!, theoreticalThreshold };
}

/** A threshold and what it costs, per row. */
export type PricedCut = Pick<CostThreshold, 'threshold' | 'expectedCost'>;

/** What each way to part the rows costs, by falling threshold. */
export function costCurve(ranked: RankedRows, costs: CostMatrix): PricedCut[] {
  const { truePositive, falsePositive, falseNegative, trueNegative } = costs;
  const total = totalsOf(ranked);
  return cutsOf(ranked).map(({ threshold, rows, positives }) => {
    const missed = total.positives - positives;
    const spared = total.rows - rows - missed;
    const sum =
      positives * truePositive + (rows - positives) * falsePositive + missed * falseNegative + spared * trueNegative;
    return { threshold, expectedCost: sum / total.rows };
  });
}

function thresholdOf({ truePositive, falsePositive, trueNegative, falseNegative }: CostMatrix): number {
  const falseAlarm = falsePositive - trueNegative;
  const miss = falseNegative - truePositive;
  if (!(falseAlarm > 0 && miss > 0 && Number.isFinite(falseAlarm + miss))) {
    throw new RangeError(
      `a false alarm costs ${falseAlarm} and a miss ${miss} more than being right; expected finite numbers above 0`,
    );
  }
  return falseAlarm / (falseAlarm + miss);
}

interface Cut {
  /** rows called positive */
  readonly rows: number;
  /** those of them that are */
  readonly positives: number;
}

/** Every way to part the rows: a threshold halfway between neighbouring scores, and one at each end. */
export function cutsOf(ranked: RankedRows): (Cut & { readonly threshold: number })[] {
  const steps = stepsOf(ranked);
  if (steps.length === 0) return [];
  const cuts = steps.map(({ threshold, rows, positives }, i) => {
    const next = steps[i + 1]?.threshold ?? 0;
    return { threshold: (threshold + next) / 2, rows, positives };
  });
  const highest = steps[0]!.threshold;
  // Above a row of probability 1 there is no threshold: somebody is always called positive then.
  return highest < 1 ? [{ threshold: (highest + 1) / 2, rows: 0, positives: 0 }, ...cuts] : cuts;
}
