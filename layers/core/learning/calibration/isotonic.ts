/** A curve that never falls, linear between its knots and flat beyond them. */
export interface IsotonicCalibration {
  readonly method: 'isotonic';
  /** log-odds, rising */
  readonly thresholds: readonly number[];
  /** the probability at each threshold, never falling */
  readonly values: readonly number[];
}

/** Neighbouring scores that share a value. */
interface Block {
  readonly first: number;
  readonly last: number;
  readonly mean: number;
  readonly rows: number;
}

/**
 * Isotonic regression by pooling adjacent violators, as scikit-learn's IsotonicRegression(out_of_bounds='clip').
 * Source: R. Barlow et al., "Statistical inference under order restrictions", 1972.
 * @param labels 1 for the positive class, 0 for the other
 */
export function fitIsotonic(scores: Float64Array, labels: Uint8Array): IsotonicCalibration {
  const order = Uint32Array.from(scores, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!);
  const blocks: Block[] = [];
  for (const row of order) {
    const score = scores[row]!;
    let block: Block = { first: score, last: score, mean: labels[row]!, rows: 1 };
    while (blocks.length > 0 && violates(blocks.at(-1)!, block)) block = pooled(blocks.pop()!, block);
    blocks.push(block);
  }
  const knots = blocks.flatMap(({ first, last, mean }) =>
    first === last
      ? [[first, mean]]
      : [
          [first, mean],
          [last, mean],
        ],
  );
  return { method: 'isotonic', thresholds: knots.map(([at]) => at!), values: knots.map(([, value]) => value!) };
}

/** Equal scores share a value, whatever their labels. */
const violates = (before: Block, after: Block): boolean => before.mean >= after.mean || before.last === after.first;

const pooled = (before: Block, after: Block): Block => ({
  first: before.first,
  last: after.last,
  mean: (before.mean * before.rows + after.mean * after.rows) / (before.rows + after.rows),
  rows: before.rows + after.rows,
});

/** The curve's value at a score. */
export function isotonicAt({ thresholds, values }: IsotonicCalibration, score: number): number {
  const above = firstAbove(thresholds, score);
  if (above === 0) return values[0]!;
  if (above === thresholds.length) return values.at(-1)!;
  const [x0, x1] = [thresholds[above - 1]!, thresholds[above]!];
  const [y0, y1] = [values[above - 1]!, values[above]!];
  return y0 + ((y1 - y0) * (score - x0)) / (x1 - x0);
}

/** The index of the first threshold above a score, by bisection; as many as there are where none is. */
function firstAbove(thresholds: readonly number[], score: number): number {
  let [low, high] = [0, thresholds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (thresholds[middle]! <= score) low = middle + 1;
    else high = middle;
  }
  return low;
}
