import type { Json } from '../json.ts';
import type { ChoiceRule } from './definition.ts';
import { type Data, select, selectRequired } from './paths.ts';
import { StatesRuntimeError } from './states-error.ts';

/** @throws {StatesError} States.Runtime for a variable that is not there, unless the rule asks just that */
export function holds(rule: ChoiceRule, data: Data): boolean {
  if (rule.And) return rule.And.every((operand) => holds(operand, data));
  if (rule.Or) return rule.Or.some((operand) => holds(operand, data));
  if (rule.Not) return !holds(rule.Not, data);
  const { Variable, Next: _, Comment: __, ...comparison } = rule;
  const [operator, operand] = Object.entries(comparison)[0] ?? [];
  const variable = select(String(Variable), data);
  if (operator === 'IsPresent') return (variable !== undefined) === operand;
  if (variable === undefined) {
    throw new StatesRuntimeError(
      `Invalid path '${Variable}': The choice state's condition path references an invalid value.`,
    );
  }
  return compare(String(operator), variable, operand as Json, data);
}

function compare(operator: string, variable: Json, operand: Json, data: Data): boolean {
  const type = typeTests[operator];
  if (type) return type(variable) === operand;
  const isPath = operator.endsWith('Path');
  const name = isPath ? operator.slice(0, -'Path'.length) : operator;
  const expected = isPath ? selectRequired(String(operand), data, operator) : operand;
  if (name === 'StringMatches') return typeof variable === 'string' && matches(variable, String(expected));
  const [, family = '', order = ''] = /^(String|Numeric|Boolean|Timestamp)(.+)$/.exec(name) ?? [];
  const [left, right] = [comparable[family]?.(variable), comparable[family]?.(expected)];
  if (left === undefined || right === undefined) return false; // of another type: unequal, and in no order
  return orders[order]?.(left, right) ?? false;
}

const isTimestamp = (value: Json): value is string =>
  typeof value === 'string' &&
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(value) &&
  !Number.isNaN(Date.parse(value));

const typeTests: Readonly<Record<string, (value: Json) => boolean>> = {
  IsNull: (value) => value === null,
  IsNumeric: (value) => typeof value === 'number',
  IsString: (value) => typeof value === 'string',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: isTimestamp,
};

type Comparable = string | number | boolean;

const comparable: Readonly<Record<string, (value: Json) => Comparable | undefined>> = {
  String: (value) => (typeof value === 'string' ? value : undefined),
  Numeric: (value) => (typeof value === 'number' ? value : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  Timestamp: (value) => (isTimestamp(value) ? Date.parse(value) : undefined),
};

const orders: Readonly<Record<string, (left: Comparable, right: Comparable) => boolean>> = {
  Equals: (left, right) => left === right,
  LessThan: (left, right) => left < right,
  GreaterThan: (left, right) => left > right,
  LessThanEquals: (left, right) => left <= right,
  GreaterThanEquals: (left, right) => left >= right,
};

/** `*` stands for any characters, `\*` for itself. */
function matches(text: string, pattern: string): boolean {
  const source = pattern.replace(/\\([*\\])|\*|[^*\\]+|\\/g, (part, escaped?: string) =>
    part === '*' ? '.*' : (escaped ?? part).replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'),
  );
  return new RegExp(`^${source}$`, 's').test(text);
}
