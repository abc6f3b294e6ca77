import { columnNamesOf, type FieldError, type TableSchema } from '@kilat/contracts';
import { type CellFinding, checkCell } from './check-cell.ts';

/** A value for which its row is refused. */
export interface RowError extends FieldError {
  /** from 0 */
  readonly row: number;
}

/** How many rows had a value that the schema only warns of. */
export interface ColumnWarning {
  readonly column: string;
  readonly rule: CellFinding['rule'];
  readonly count: number;
  /** of the first of them */
  readonly detail: string;
}

export interface RowsReport {
  readonly rows: number;
  readonly errorCount: number;
  /** the first of them; `pointer` is a JSON pointer (RFC 6901) into the rows */
  readonly errors: readonly RowError[];
  readonly warnings: readonly ColumnWarning[];
}

/**
 * Holds rows against a table's schema: types, missing values, ranges, categories, and columns that it does not know.
 * The target is not looked at: a row to be predicted has none.
 * @param maxErrors how many errors are told; all are counted
 */
export function validateRows(schema: TableSchema, rows: readonly unknown[], maxErrors = 100): RowsReport {
  const errors: RowError[] = [];
  const warnings = new Map<string, ColumnWarning>();
  const check = rowChecker(schema);
  let errorCount = 0;
  rows.forEach((row, index) => {
    for (const { column, pointer, finding } of check(row)) {
      if (finding.severity === 'warn') warn(warnings, column, finding);
      else if (++errorCount <= maxErrors) errors.push(rowError(index, pointer, finding));
    }
  });
  return { rows: rows.length, errorCount, errors, warnings: [...warnings.values()] };
}

/** What was found of one value of a row. */
export interface RowFinding {
  /** empty for a finding about the row as a whole */
  readonly column: string;
  /** the column as part of a JSON pointer */
  readonly pointer: string;
  readonly finding: CellFinding;
}

/** Holds rows against a schema one at a time, as {@link validateRows} does for many. */
export function rowChecker(schema: TableSchema): (row: unknown) => RowFinding[] {
  const known = new Set(columnNamesOf(schema));
  return (row) => {
    if (!isObject(row)) return [found('', notARow)];
    const unknown = Object.keys(row).filter((name) => !known.has(name));
    return [
      ...schema.columns.flatMap((column) => {
        const finding = checkCell(column, row[column.name]);
        return finding ? [found(column.name, finding)] : [];
      }),
      ...unknown.map((column) => found(column, unknownColumn)),
    ];
  };
}

/** RFC 6901, section 3: `~` and `/` are escaped. */
const found = (column: string, finding: CellFinding): RowFinding => ({
  column,
  pointer: column.replaceAll('~', '~0').replaceAll('/', '~1'),
  finding,
});

const notARow: CellFinding = {
  rule: 'type',
  severity: 'reject',
  detail: 'expected an object with a value for each column',
};
const unknownColumn: CellFinding = { rule: 'column', severity: 'reject', detail: 'unknown column' };

const isObject = (row: unknown): row is Record<string, unknown> =>
  typeof row === 'object' && row !== null && !Array.isArray(row);

const rowError = (row: number, pointer: string, { detail }: CellFinding): RowError => ({
  row,
  pointer: pointer === '' ? `/${row}` : `/${row}/${pointer}`,
  detail,
});

function warn(warnings: Map<string, ColumnWarning>, column: string, { rule, detail }: CellFinding): void {
  const key = JSON.stringify([column, rule]);
  const earlier = warnings.get(key) ?? { column, rule, count: 0, detail };
  warnings.set(key, { ...earlier, count: earlier.count + 1 });
}
