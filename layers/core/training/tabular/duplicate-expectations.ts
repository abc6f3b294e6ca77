import type { Expectation, TableSchema } from '@kilat/contracts';
import type { Row } from '../../learning/index.ts';
import { finding, percent } from '../expectation.ts';
import type { TableChecks } from './table-checks.ts';

/**
 * Rows that are the same, ids apart. Some are chance; copies of one class alone are the mark of rows that were drawn
 * again to balance the classes, and where they fall on both sides of the split, what is held out has been seen.
 */
export function duplicateExpectations(checks: TableChecks): Expectation[] {
  const keys = checks.dataset.rows.map((row) => contentOf(checks.table, row));
  return [duplicateRows(checks, keys), resampling(checks, keys), overlap(checks, keys)];
}

/** Features and target, in the order of the table. */
export const contentOf = ({ columns, target }: TableSchema, row: Row): string =>
  JSON.stringify([...columns.map(({ name }) => row[name] ?? null), row[target.column] ?? null]);

function duplicateRows({ limits }: TableChecks, keys: readonly string[]): Expectation {
  const copies = keys.length - new Set(keys).size;
  const share = copies / Math.max(keys.length, 1);
  return finding('duplicate_rows', 'warning', {
    passed: share <= limits.max_duplicate_share,
    detail: `${copies} of ${keys.length} rows (${percent(share)}) repeat another, ids apart; at most ${percent(limits.max_duplicate_share)} is expected`,
  });
}

function resampling(
  { table: { target }, limits, dataset: { rows } }: TableChecks,
  keys: readonly string[],
): Expectation {
  const shares = target.classes.map((name) => {
    const own = keys.filter((_, index) => String(rows[index]![target.column] ?? '') === name);
    return { name, share: (own.length - new Set(own).size) / Math.max(own.length, 1) };
  });
  const most = shares.reduce((a, b) => (b.share > a.share ? b : a));
  const least = shares.reduce((a, b) => (b.share < a.share ? b : a));
  return finding('not_resampled', 'error', {
    passed: most.share - least.share <= limits.max_copied_share_gap,
    detail: `${percent(most.share)} of '${most.name}' and ${percent(least.share)} of '${least.name}' are copies; they may differ by ${percent(limits.max_copied_share_gap)}: rows of one class that were drawn again before the split make every figure too good`,
  });
}

function overlap({ limits, dataset: { heldOut } }: TableChecks, keys: readonly string[]): Expectation {
  const learnt = new Set(keys.filter((_, index) => heldOut[index] === 0));
  const apart = keys.filter((_, index) => heldOut[index] === 1);
  const seen = apart.filter((key) => learnt.has(key)).length;
  const share = seen / Math.max(apart.length, 1);
  return finding('held_out_apart', 'error', {
    passed: share <= limits.max_duplicate_share,
    detail: `${seen} of ${apart.length} held-out rows (${percent(share)}) are among the training rows too; at most ${percent(limits.max_duplicate_share)} is expected`,
  });
}
