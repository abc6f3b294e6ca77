import type { Column, TableSchema } from '@kilat/contracts';
import type { Cell, Row } from './row.ts';

/**
 * A row of text, as CSV has it, in the types of its columns. Blank text is a missing value. Text that is no value of
 * its column's type stays text, so that the validation of rows tells of it.
 */
export function rowFromText(schema: TableSchema, texts: Readonly<Record<string, string>>): Row {
  const columns = new Map(schema.columns.map((column) => [column.name, column]));
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, cellFromText(columns.get(name), text)]));
}

const booleans = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

function cellFromText(column: Column | undefined, text: string): Cell {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  switch (column?.type) {
    case 'numeric':
    case 'integer':
      return Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
    case 'boolean':
      return booleans.get(trimmed.toLowerCase()) ?? trimmed;
    default:
      return trimmed;
  }
}
