import type { Expectation } from '@kilat/contracts';
import { columnNamesOf } from '@kilat/contracts';
import { type Cell, classLabels, type Row } from '../../learning/index.ts';
import { finding, listed, percent } from '../expectation.ts';
import { cellExpectations } from './cell-expectations.ts';
import { duplicateExpectations } from './duplicate-expectations.ts';
import { separation } from './leakage.ts';
import type { TableChecks } from './table-checks.ts';

/** Everything that is expected of the rows of a table before a model learns from them, each with what was found. */
export function tableExpectations(checks: TableChecks): Expectation[] {
  const target = targetExpectation(checks);
  return [
    ...columnExpectations(checks),
    target,
    ...cellExpectations(checks),
    ...idExpectations(checks),
    ...duplicateExpectations(checks),
    ...sizeExpectations(checks),
    constantColumns(checks),
    ...leakageExpectations(checks),
  ];
}

function columnExpectations({ table, dataset: { rows } }: TableChecks): Expectation[] {
  const known = columnNamesOf(table);
  const excluded = new Set(table.excluded_columns.map(({ name }) => name));
  const unknown = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => !known.includes(name));
  const absent = known.filter((name) => !excluded.has(name) && rows.every((row) => (row[name] ?? null) === null));
  return [
    finding('known_columns', 'error', {
      passed: unknown.length === 0,
      detail: `unknown columns: ${listed(unknown)}`,
    }),
    finding('present_columns', 'error', {
      passed: absent.length === 0,
      detail: `columns without any value: ${listed(absent)}`,
    }),
  ];
}

function targetExpectation({ table: { target }, dataset: { rows } }: TableChecks): Expectation {
  const allowed = new Set(target.classes);
  const wrong = rows.filter((row) => !allowed.has(String(row[target.column] ?? ''))).length;
  return finding('target_classes', 'error', {
    column: target.column,
    passed: wrong === 0,
    detail: `${wrong} of ${rows.length} rows have no class in '${target.column}'; allowed are ${listed(target.classes)}`,
  });
}

function idExpectations({ table: { id_column: column }, dataset: { rows } }: TableChecks): Expectation[] {
  if (column === undefined) return [];
  const ids = rows.map((row) => row[column] ?? null).filter((id) => id !== null);
  const repeated = ids.length - new Set(ids).size;
  return [
    finding('ids_present', 'error', {
      column,
      passed: ids.length === rows.length,
      detail: `${rows.length - ids.length} rows have no '${column}'`,
    }),
    finding('ids_unique', 'error', {
      column,
      passed: repeated === 0,
      detail: `${repeated} rows have the '${column}' of another`,
    }),
  ];
}

function sizeExpectations({ table: { target }, limits, dataset }: TableChecks): Expectation[] {
  const { rows, heldOut } = dataset;
  const counts = target.classes.map((name) => ({ name, rows: countOf(rows, target.column, name) }));
  const rarest = counts.reduce((least, one) => (one.rows < least.rows ? one : least));
  const share = rows.length === 0 ? 0 : rarest.rows / rows.length;
  const apart = rows.filter((_, index) => heldOut[index] === 1);
  const unheld = target.classes.filter((name) => countOf(apart, target.column, name) === 0);
  return [
    finding('row_count', 'error', {
      passed: rows.length >= limits.min_rows,
      detail: `${rows.length} rows; at least ${limits.min_rows} are needed`,
    }),
    finding('class_rows', 'error', {
      passed: rarest.rows >= limits.min_class_rows,
      detail: `'${rarest.name}' has ${rarest.rows} rows; at least ${limits.min_class_rows} are needed`,
    }),
    finding('class_balance', 'warning', {
      passed: share >= limits.min_class_share,
      detail: `'${rarest.name}' is ${percent(share)} of the rows; at least ${percent(limits.min_class_share)} is expected`,
    }),
    finding('held_out_classes', 'error', {
      passed: unheld.length === 0,
      detail: `of ${apart.length} held-out rows, classes without any: ${listed(unheld)}`,
    }),
  ];
}

const countOf = (rows: readonly Row[], column: string, name: string): number =>
  rows.filter((row) => String(row[column] ?? '') === name).length;

function constantColumns({ table, dataset: { rows } }: TableChecks): Expectation {
  const constant = table.columns
    .map(({ name }) => name)
    .filter((name) => new Set(rows.map((row) => row[name] ?? null)).size === 1);
  return finding('varying_columns', 'warning', {
    passed: constant.length === 0,
    detail: `columns that are the same in every row: ${listed(constant)}`,
  });
}

/** Columns that tell the target by themselves, those that the table does not know among them. */
function leakageExpectations({ table, limits, dataset: { rows } }: TableChecks): Expectation[] {
  const { target, id_column, excluded_columns } = table;
  const labelled = rows.filter((row) => target.classes.includes(String(row[target.column] ?? '')));
  const positive = target.classes.indexOf(target.positive_class);
  const labels = classLabels(target, labelled).map((label) => (label === positive ? 1 : 0));
  const spared = new Set([target.column, id_column, ...excluded_columns.map(({ name }) => name)]);
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => !spared.has(name));
  const leaks = names.flatMap((column) => {
    const area = separation({ cells: labelled.map((row): Cell => row[column] ?? null), labels });
    if (area < limits.leak_auc) return [];
    const detail = `'${column}' by itself tells the classes apart with an AUC of ${area.toFixed(4)}; it looks like a copy of the target, below ${limits.leak_auc} is expected`;
    return [finding('no_leakage', 'error', { column, passed: false, detail })];
  });
  const none = `none of ${names.length} columns by itself has an AUC of ${limits.leak_auc} or more`;
  return leaks.length > 0 ? leaks : [finding('no_leakage', 'error', { passed: true, detail: none })];
}
