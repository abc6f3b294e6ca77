import type { Feature } from '../table/encoder.ts';
import type { Cell, Row } from '../table/row.ts';
import type { Contributions } from './linear-shap.ts';

/** What one column of a row did to its prediction. */
export interface Reason {
  readonly column: string;
  /** the row's value, null where it is missing */
  readonly value: Cell;
  /** in log-odds; above 0 speaks for the positive class */
  readonly contribution: number;
}

/**
 * The contributions of features, summed over the features of each of the table's columns: a category speaks by its own
 * feature and by the absence of the others. Nothing is lost: the sums still add up to the prediction.
 * @param features one for each of the contributions' columns
 */
export function columnContributions(
  features: readonly Feature[],
  { values, rows, columns }: Contributions,
  row: number,
): Map<string, number> {
  if (features.length !== columns) throw new RangeError(`${features.length} features for ${columns} contributions`);
  if (!(row >= 0 && row < rows)) throw new RangeError(`row ${row}; allowed are 0 to ${rows - 1}`);
  const sums = new Map<string, number>();
  features.forEach(({ column }, j) => {
    sums.set(column, (sums.get(column) ?? 0) + values[row * columns + j]!);
  });
  return sums;
}

/** The columns that moved a row's prediction most, either way, the largest first; equals in the columns' order. */
export const topReasons = (row: Row, contributions: ReadonlyMap<string, number>, count: number): Reason[] =>
  [...contributions]
    .map(([column, contribution]) => ({ column, value: row[column] ?? null, contribution }))
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, count);
