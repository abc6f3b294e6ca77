import { seededRandom } from '../random.ts';
import { shuffled } from '../selection/shuffled.ts';
import type { Row } from '../table/row.ts';

export interface Importance {
  readonly column: string;
  /** how much worse the metric is without the column, on average over the repeats; below 0 is noise */
  readonly mean: number;
  /** standard deviation over the repeats, of the population as scikit-learn has it */
  readonly deviation: number;
}

export interface PermutedModel {
  /** that the model did not learn from */
  readonly rows: readonly Row[];
  readonly columns: readonly string[];
  /** measures the model on rows in the order of `rows` */
  readonly score: (rows: readonly Row[]) => number;
  readonly better: 'higher' | 'lower';
}

/**
 * How much a model's score falls when a column's values are dealt out anew among the rows, the most important first.
 * Columns that say the same share their importance or hide it from each other.
 * Source: L. Breiman, "Random forests", 2001; A. Fisher et al., "All models are wrong, but many are useful", 2019.
 */
export function permutationImportance(
  { rows, columns, score, better }: PermutedModel,
  { repeats = 5, seed }: { readonly repeats?: number; readonly seed: number },
): Importance[] {
  if (!Number.isInteger(repeats) || repeats < 1) throw new RangeError(`${repeats} repeats; expected at least 1`);
  const random = seededRandom(seed);
  const intact = score(rows);
  const sign = better === 'higher' ? 1 : -1;
  const importances = columns.map((column) => {
    const falls = Array.from({ length: repeats }, () => {
      const values = shuffled(
        rows.map((row) => row[column] ?? null),
        random,
      );
      return sign * (intact - score(rows.map((row, i) => ({ ...row, [column]: values[i]! }))));
    });
    return { column, ...meanAndDeviation(falls) };
  });
  return importances.toSorted((a, b) => b.mean - a.mean);
}

function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}
