import type { TableSchema } from '@kilat/contracts';
import { columnNamesOf } from '@kilat/contracts';
import type { Cell, Row } from '../../learning/index.ts';
import type { DatasetColumn } from '../dataset.ts';

/** The columns of a table's canonical rows: the id, the features, the target, and what no model may learn from. */
export function datasetColumns(table: TableSchema): DatasetColumn[] {
  const typed = new Map(table.columns.map(({ name, type }) => [name, type]));
  return columnNamesOf(table).map((name) => {
    const type = typed.get(name);
    if (type === 'boolean') return { name, type };
    return { name, type: type === 'numeric' || type === 'integer' ? 'number' : 'text' };
  });
}

/** Text that stands for a value, as a missing cell stands for none. */
const textOf = (cell: Cell | undefined): string | null => {
  const text = String(cell ?? '').trim();
  return text === '' ? null : text;
};

/** A row in the types of a table: every one of its columns, and whatever others the source had. */
export function canonicalRow(table: TableSchema, cells: Row): Row {
  const types = new Map<string, string>(table.columns.map(({ name, type }) => [name, type]));
  const names = columnNamesOf(table);
  const others = Object.keys(cells).filter((name) => !names.includes(name));
  const entries = [...names, ...others.sort()].map((name) => [name, typedCell(types.get(name), cells[name] ?? null)]);
  return Object.fromEntries(entries);
}

const booleans = new Map<unknown, boolean>([
  ['true', true],
  ['1', true],
  [1, true],
  ['false', false],
  ['0', false],
  [0, false],
]);

/** What is no value of its column's type stays as it is. */
function typedCell(type: string | undefined, cell: Cell): Cell {
  const trimmed = typeof cell === 'string' ? textOf(cell) : cell;
  if (trimmed === null) return null;
  if (type === 'numeric' || type === 'integer') {
    const value = typeof trimmed === 'string' ? Number(trimmed) : trimmed;
    return Number.isFinite(value) ? value : trimmed;
  }
  if (type === 'boolean') return booleans.get(typeof trimmed === 'string' ? trimmed.toLowerCase() : trimmed) ?? trimmed;
  return textOf(trimmed);
}
