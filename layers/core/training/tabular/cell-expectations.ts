import type { Column, Expectation } from '@kilat/contracts';
import { type CellFinding, checkCell } from '../../learning/table/check-cell.ts';
import type { Severity } from '../expectation.ts';
import { finding, percent } from '../expectation.ts';
import type { TableChecks } from './table-checks.ts';

type Rule = CellFinding['rule'];

interface Broken {
  readonly column: string;
  readonly severity: Severity;
  readonly count: number;
  /** of the first of them */
  readonly detail: string;
}

const names: Readonly<Record<Exclude<Rule, 'column'>, string>> = {
  type: 'types',
  missing: 'required_values',
  range: 'ranges',
  category: 'allowed_values',
};

/** What each value has to be, by rule: one expectation for each column that breaks it, and one where none does. */
export function cellExpectations({ table, limits, dataset: { rows } }: TableChecks): Expectation[] {
  const byRule = new Map<Rule, Broken[]>();
  for (const column of table.columns) {
    for (const [rule, broken] of brokenRules(
      column,
      rows.map((row) => row[column.name]),
    )) {
      byRule.set(rule, [...(byRule.get(rule) ?? []), broken]);
    }
  }
  return [
    ...Object.entries(names).flatMap(([rule, name]) => told(name, byRule.get(rule as Rule) ?? [], rows.length)),
    ...missingShares(table.columns, limits.max_missing_share, rows),
  ];
}

function brokenRules(column: Column, cells: readonly unknown[]): Map<Rule, Broken> {
  const broken = new Map<Rule, Broken>();
  for (const cell of cells) {
    const found = checkCell(column, cell);
    if (!found) continue;
    const { rule, detail } = found;
    const severity = found.severity === 'warn' ? 'warning' : 'error';
    const earlier = broken.get(rule) ?? { column: column.name, severity, count: 0, detail };
    broken.set(rule, { ...earlier, count: earlier.count + 1 });
  }
  return broken;
}

function told(name: string, broken: readonly Broken[], rows: number): Expectation[] {
  if (broken.length === 0)
    return [finding(name, 'error', { passed: true, detail: `as the table says, in ${rows} rows` })];
  return broken.map(({ column, severity, count, detail }) =>
    finding(name, severity, { column, passed: false, detail: `${count} of ${rows} rows; the first: ${detail}` }),
  );
}

function missingShares(columns: readonly Column[], limit: number, rows: TableChecks['dataset']['rows']): Expectation[] {
  const gaps = columns
    .filter(({ nullable }) => nullable)
    .map(({ name }) => ({ name, share: rows.filter((row) => (row[name] ?? null) === null).length / rows.length }))
    .filter(({ share }) => share > limit);
  const detail = `no column misses more than ${percent(limit)} of its values`;
  if (gaps.length === 0) return [finding('missing_values', 'warning', { passed: true, detail })];
  return gaps.map(({ name, share }) =>
    finding('missing_values', 'warning', {
      column: name,
      passed: false,
      detail: `'${name}' misses ${percent(share)} of its values; at most ${percent(limit)} is expected`,
    }),
  );
}
