import { type Random, seededRandom } from '../random.ts';
import { groupFolds } from './group-folds.ts';
import { shuffled } from './shuffled.ts';

/** Indexes of rows, each rising: what is learnt from, and what is held out. */
export interface Split {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

export interface FoldOptions {
  /** class of each row, 0 to 255 */
  readonly labels: Uint8Array;
  /** one for each row; rows of one group are never parted */
  readonly groups?: readonly string[] | undefined;
  readonly folds: number;
  readonly seed: number;
}

/**
 * Folds in which each class has its share; each row is held out once. Without groups, a class' rows differ by at most
 * one between folds; with groups, as in {@link groupFolds}.
 * @throws {RangeError} when folds are fewer than 2, or a class has fewer rows (or there are fewer groups) than folds
 */
export function stratifiedFolds(options: FoldOptions): Split[] {
  assertFolds(options);
  const { labels, groups, folds, seed } = options;
  const random = seededRandom(seed);
  const foldOfRow = groups ? groupFolds({ labels, groups, folds }, random) : classFolds(labels, folds, random);
  return Array.from({ length: folds }, (_, fold) => ({
    train: indexesWhere(foldOfRow, (other) => other !== fold),
    test: indexesWhere(foldOfRow, (other) => other === fold),
  }));
}

/**
 * Holds a share of the rows out, each class' (and groups whole) as in {@link stratifiedFolds}.
 * @param testShare the share is rounded to one in 2, 3, 4 and so on
 */
export function trainTestSplit({
  testShare,
  ...options
}: Omit<FoldOptions, 'folds'> & { readonly testShare: number }): Split {
  if (!(testShare > 0 && testShare <= 0.5)) {
    throw new RangeError(`test share ${testShare}; expected above 0 and at most 0.5`);
  }
  return stratifiedFolds({ ...options, folds: Math.round(1 / testShare) })[0]!;
}

/** Deals each class' shuffled rows out in turn, the next class going on where the last one ended. */
function classFolds(labels: Uint8Array, folds: number, random: Random): Uint8Array {
  const foldOfRow = new Uint8Array(labels.length);
  let dealt = 0;
  for (const label of new Set(labels.toSorted())) {
    const rows = indexesWhere(labels, (other) => other === label);
    for (const row of shuffled(rows, random)) foldOfRow[row] = dealt++ % folds;
  }
  return foldOfRow;
}

function indexesWhere(values: Uint8Array, holds: (value: number) => boolean): Uint32Array {
  const indexes: number[] = [];
  values.forEach((value, index) => {
    if (holds(value)) indexes.push(index);
  });
  return Uint32Array.from(indexes);
}

function assertFolds({ labels, groups, folds }: FoldOptions): void {
  if (!Number.isInteger(folds) || folds < 2 || folds > 256) throw new RangeError(`${folds} folds; expected 2 to 256`);
  if (groups && groups.length !== labels.length)
    throw new RangeError(`${groups.length} groups for ${labels.length} rows`);
  for (const label of new Set(labels)) {
    const rows = indexesWhere(labels, (other) => other === label).length;
    if (rows < folds) throw new RangeError(`class ${label} has ${rows} rows; expected one for each of ${folds} folds`);
  }
  if (labels.length === 0) throw new RangeError(`no rows; expected some for each of ${folds} folds`);
}
