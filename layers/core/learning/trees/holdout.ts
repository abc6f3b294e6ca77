import type { Matrix } from '../matrix.ts';
import { seededRandom } from '../random.ts';
import type { Targets } from './loss.ts';

/** Rows with their labels and weights. */
export interface WeightedRows {
  readonly features: Matrix;
  readonly targets: Targets;
}

/**
 * Parts rows by chance, each class in the same proportion.
 * @param share of each class's rows that goes to validation, at least one row
 * @throws {RangeError} when a class has only one row
 */
export function holdOut(
  all: WeightedRows,
  share: number,
  seed: number,
): { training: WeightedRows; validation: WeightedRows } {
  const random = seededRandom(seed);
  const isHeldOut = new Uint8Array(all.features.rows);
  for (const [label, rows] of rowsByClass(all.targets.labels)) {
    if (rows.length < 2) throw new RangeError(`class ${label} has one row: none is left to validate with`);
    const count = Math.min(rows.length - 1, Math.max(1, Math.round(share * rows.length)));
    for (let taken = 0; taken < count; taken++) {
      const at = taken + random.int(rows.length - taken);
      isHeldOut[rows[at]!] = 1;
      rows[at] = rows[taken]!;
    }
  }
  const rowsWhere = (held: number): number[] => [...isHeldOut.keys()].filter((row) => isHeldOut[row] === held);
  return { training: pick(all, rowsWhere(0)), validation: pick(all, rowsWhere(1)) };
}

function rowsByClass(labels: ArrayLike<number>): Map<number, number[]> {
  const byClass = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const rows = byClass.get(labels[row]!);
    if (rows) rows.push(row);
    else byClass.set(labels[row]!, [row]);
  }
  return byClass;
}

function pick(
  { features: { columns, values }, targets: { labels, weights } }: WeightedRows,
  rows: number[],
): WeightedRows {
  const picked = new Float32Array(rows.length * columns);
  for (const [to, from] of rows.entries())
    picked.set(values.subarray(from * columns, (from + 1) * columns), to * columns);
  return {
    features: { rows: rows.length, columns, values: picked },
    targets: { labels: rows.map((row) => labels[row]!), weights: Float64Array.from(rows, (row) => weights[row]!) },
  };
}
