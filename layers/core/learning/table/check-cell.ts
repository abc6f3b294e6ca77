import type { Column } from '@kilat/contracts';

/** What is wrong with one value, and whether its row is refused for it. */
export interface CellFinding {
  readonly rule: 'type' | 'missing' | 'range' | 'category' | 'column';
  readonly severity: 'reject' | 'warn';
  /** what is wrong, the value, and what is allowed */
  readonly detail: string;
}

/** Holds a value against its column. @returns nothing when all is well */
export function checkCell(column: Column, value: unknown): CellFinding | undefined {
  if (value === undefined || value === null) {
    return column.nullable ? undefined : refusal('missing', `missing value; expected ${expected(column)}`);
  }
  if (!hasType(column, value)) return refusal('type', `${told(value)} is not ${expected(column)}`);
  if (column.type === 'categorical') return checkCategory(column, value as string);
  if (column.type === 'boolean') return undefined;
  return checkRange(column, value as number);
}

const refusal = (rule: CellFinding['rule'], detail: string): CellFinding => ({ rule, severity: 'reject', detail });

function hasType(column: Column, value: unknown): boolean {
  switch (column.type) {
    case 'numeric':
      return Number.isFinite(value);
    case 'integer':
      return Number.isSafeInteger(value);
    case 'categorical':
      return typeof value === 'string' && value !== '';
    case 'boolean':
      return typeof value === 'boolean';
  }
}

function expected(column: Column): string {
  switch (column.type) {
    case 'numeric':
      return 'a finite number';
    case 'integer':
      return 'a whole number';
    case 'categorical':
      return `one of ${listed(column.categories)}`;
    case 'boolean':
      return 'true or false';
  }
}

function checkCategory(column: Column & { type: 'categorical' }, value: string): CellFinding | undefined {
  if (column.categories.includes(value)) return undefined;
  const detail = `unknown category ${told(value)}; expected ${expected(column)}`;
  return { rule: 'category', severity: column.unknown_category, detail };
}

/** Models take float32: beyond it a value would be infinite. */
const MAX_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

function checkRange(column: Column & { type: 'numeric' | 'integer' }, value: number): CellFinding | undefined {
  const { minimum = -Infinity, maximum = Infinity, out_of_range: severity } = column;
  if (value < minimum) return { rule: 'range', severity, detail: `${value} is too small; the minimum is ${minimum}` };
  if (value > maximum) return { rule: 'range', severity, detail: `${value} is too big; the maximum is ${maximum}` };
  if (Math.abs(value) <= MAX_FLOAT32) return undefined;
  return refusal('range', `${value} is too big; no value may be beyond ${MAX_FLOAT32}`);
}

const MAX_LISTED = 12;
const MAX_VALUE_CHARACTERS = 60;

const listed = (names: readonly string[]): string =>
  names.length <= MAX_LISTED
    ? names.map((name) => `'${name}'`).join(', ')
    : `${listed(names.slice(0, MAX_LISTED))} and ${names.length - MAX_LISTED} more`;

/** A caller's value comes back in a message: cut short, and never as an object's whole content. */
function told(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, MAX_VALUE_CHARACTERS)}'`;
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  return String(value);
}
