import type { Random } from '../random.ts';
import { shuffled } from './shuffled.ts';

export interface GroupedRows {
  /** class of each row, 0 to 255 */
  readonly labels: Uint8Array;
  /** one for each row */
  readonly groups: readonly string[];
  readonly folds: number;
}

interface Group {
  readonly rows: number[];
  /** rows of each class */
  readonly classes: number[];
}

/**
 * Puts whole groups into folds, the most uneven first, each into the fold where the classes' shares then vary least
 * between folds, as scikit-learn's StratifiedGroupKFold(shuffle=True).
 * @returns the fold of each row
 * @throws {RangeError} when there are fewer groups than folds
 */
export function groupFolds({ labels, groups, folds }: GroupedRows, random: Random): Uint8Array {
  const classes = labels.reduce((most, label) => Math.max(most, label), 0) + 1;
  const found = groupsOf(labels, groups, classes);
  if (found.length < folds)
    throw new RangeError(`${found.length} groups; expected at least one for each of ${folds} folds`);
  const totals = Array.from({ length: classes }, (_, k) => found.reduce((sum, group) => sum + group.classes[k]!, 0));
  const filled = Array.from({ length: folds }, () => new Array<number>(classes).fill(0));
  const foldOfRow = new Uint8Array(labels.length);
  const order = shuffled(found, random).toSorted((a, b) => deviation(b.classes) - deviation(a.classes));
  for (const group of order) {
    const fold = evenestFold(filled, group, totals);
    group.classes.forEach((rows, k) => {
      filled[fold]![k]! += rows;
    });
    for (const row of group.rows) foldOfRow[row] = fold;
  }
  return foldOfRow;
}

function groupsOf(labels: Uint8Array, groups: readonly string[], classes: number): Group[] {
  const found = new Map<string, Group>();
  groups.forEach((name, row) => {
    const group = found.get(name) ?? { rows: [], classes: new Array<number>(classes).fill(0) };
    group.rows.push(row);
    group.classes[labels[row]!]! += 1;
    found.set(name, group);
  });
  return [...found.values()];
}

/** The fold that leaves the folds most alike; of equals the one with the fewest rows. */
function evenestFold(filled: readonly number[][], group: Group, totals: readonly number[]): number {
  const unevenness = filled.map((_, candidate) => {
    const deviations = totals.map((total, k) => {
      const shares = filled.map(
        (fold, i) => (fold[k]! + (i === candidate ? group.classes[k]! : 0)) / Math.max(total, 1),
      );
      return deviation(shares);
    });
    return deviations.reduce((sum, value) => sum + value, 0);
  });
  const rows = filled.map((fold) => fold.reduce((sum, count) => sum + count, 0));
  return unevenness.reduce((best, value, fold) => {
    const gain = unevenness[best]! - value;
    return gain > 1e-12 || (Math.abs(gain) <= 1e-12 && rows[fold]! < rows[best]!) ? fold : best;
  }, 0);
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
