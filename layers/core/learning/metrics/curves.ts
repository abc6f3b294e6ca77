import { endsTie, type RankedRows, totalsOf } from './ranked-rows.ts';

export interface RocPoint {
  /** rows with at least this score are called positive; nothing for the point before the first row */
  readonly threshold?: number;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/**
 * The ROC curve from (0, 0) to (1, 1), a point for each distinct score, as scikit-learn's
 * roc_curve(drop_intermediate=False).
 * @returns nothing where one of the classes has no rows
 */
export function rocCurve(ranked: RankedRows): RocPoint[] | undefined {
  const total = totalsOf(ranked);
  const negatives = total.rows - total.positives;
  if (total.positives === 0 || negatives === 0) return undefined;
  const points = stepsOf(ranked).map(({ threshold, rows, positives }) => ({
    threshold,
    falsePositiveRate: (rows - positives) / negatives,
    truePositiveRate: positives / total.positives,
  }));
  return [{ falsePositiveRate: 0, truePositiveRate: 0 }, ...points];
}

export interface PrecisionRecallPoint {
  /** rows with at least this score are called positive */
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
}

/**
 * The precision-recall curve by rising recall, a point for each distinct score: scikit-learn's precision_recall_curve
 * in reverse, without its made-up end at recall 0.
 * @returns nothing where one of the classes has no rows
 */
export function precisionRecallCurve(ranked: RankedRows): PrecisionRecallPoint[] | undefined {
  const total = totalsOf(ranked);
  if (total.positives === 0 || total.positives === total.rows) return undefined;
  return stepsOf(ranked).map(({ threshold, rows, positives }) => ({
    threshold,
    precision: positives / rows,
    recall: positives / total.positives,
  }));
}

/**
 * A curve thin enough to draw: at most `max` of its points, evenly spaced, with its first and its last.
 * @throws {RangeError} when `max` is below 2
 */
export function thinned<Point>(points: readonly Point[], max = 200): Point[] {
  if (!(max >= 2)) throw new RangeError(`a curve of ${max} points; expected at least 2`);
  if (points.length <= max) return [...points];
  return Array.from({ length: max }, (_, i) => points[Math.round((i * (points.length - 1)) / (max - 1))]!);
}

/** What lies at or above each distinct score, by falling score. */
export interface Step {
  readonly threshold: number;
  readonly rows: number;
  readonly positives: number;
}

export function stepsOf(ranked: RankedRows): Step[] {
  const steps: Step[] = [];
  let positives = 0;
  for (let i = 0; i < ranked.length; i++) {
    positives += ranked.labels[i]!;
    if (endsTie(ranked, i)) steps.push({ threshold: ranked.scores[i]!, rows: i + 1, positives });
  }
  return steps;
}
