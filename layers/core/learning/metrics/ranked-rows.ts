/**
 * Rows with two classes, by falling score. Sorted once, they serve every metric of every resample: a resample is but
 * a count for each row.
 */
export interface RankedRows {
  readonly length: number;
  /** 1 for the positive class */
  readonly labels: Uint8Array;
  /** falling */
  readonly scores: Float64Array;
  /** where each of them stood before */
  readonly rows: Uint32Array;
}

/** How often each ranked row was drawn; left out, each counts once. */
export type Counts = Uint16Array;

/**
 * Ranks rows; rows with equal scores stay in their order.
 * @param scores any finite numbers; metrics of probabilities ask for values of 0 to 1
 * @throws {RangeError} when lengths differ, a label is neither 0 nor 1, or a score is not finite
 */
export function rankRows(labels: ArrayLike<number>, scores: ArrayLike<number>): RankedRows {
  assertBinary(labels, scores);
  const rows = Uint32Array.from({ length: labels.length }, (_, index) => index);
  rows.sort((a, b) => scores[b]! - scores[a]! || a - b);
  return {
    length: rows.length,
    labels: Uint8Array.from(rows, (row) => labels[row]!),
    scores: Float64Array.from(rows, (row) => scores[row]!),
    rows,
  };
}

/** Whether the next row has another score: within a tie, no order is better than another. */
export const endsTie = ({ scores, length }: RankedRows, index: number): boolean =>
  index === length - 1 || scores[index] !== scores[index + 1];

/** How many rows, and how many of them positive, with their counts. */
export function totalsOf({ labels, length }: RankedRows, counts?: Counts): { rows: number; positives: number } {
  let rows = 0;
  let positives = 0;
  for (let i = 0; i < length; i++) {
    const count = counts ? counts[i]! : 1;
    rows += count;
    positives += count * labels[i]!;
  }
  return { rows, positives };
}

function assertBinary(labels: ArrayLike<number>, scores: ArrayLike<number>): void {
  if (labels.length !== scores.length) throw new RangeError(`${labels.length} labels for ${scores.length} scores`);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1) throw new RangeError(`label ${labels[i]} at ${i}; allowed are 0 and 1`);
    if (!Number.isFinite(scores[i])) throw new RangeError(`score ${scores[i]} at ${i} is not finite`);
  }
}
