import { AwsError } from '../aws-json.ts';

/** What an event must look like: by field, the values or conditions of which one has to hold. */
export type EventPattern = { readonly [field: string]: readonly Condition[] | EventPattern };

type Condition = string | number | boolean | null | { readonly prefix: string } | { readonly exists: boolean };

const isCondition = (value: unknown): value is Condition => {
  if (typeof value !== 'object' || value === null) return !Array.isArray(value);
  const [name, ...others] = Object.keys(value);
  return others.length === 0 && (name === 'prefix' || name === 'exists');
};

/** @throws {AwsError} InvalidEventPatternException, for conditions that are not emulated too */
export function parsePattern(text: string): EventPattern {
  const pattern = parseJson(text);
  assertPattern(pattern);
  return pattern;
}

function assertPattern(value: unknown): asserts value is EventPattern {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || Object.keys(value).length === 0) throw invalid('a pattern is an object with at least one field');
  for (const [field, member] of Object.entries(value)) {
    if (!Array.isArray(member)) assertPattern(member);
    else if (!member.every(isCondition)) {
      throw invalid(`'${field}' has a condition that is none; values, prefix and exists are emulated`);
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('the pattern is not JSON');
  }
}

const invalid = (reason: string) =>
  new AwsError('InvalidEventPatternException', `Event pattern is not valid. ${reason}`);

/** Fields are joined by "and", the conditions of one by "or". */
export function matches(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, member]) => {
    const value = (event as Record<string, unknown> | undefined)?.[field];
    return Array.isArray(member)
      ? member.some((condition) => holds(condition as Condition, value))
      : matches(member as EventPattern, value);
  });
}

/** Of a list, one element has to do. */
function holds(condition: Condition, value: unknown): boolean {
  if (typeof condition !== 'object' || condition === null) return [value].flat().includes(condition);
  if ('exists' in condition) return (value !== undefined) === condition.exists;
  return [value].flat().some((one) => typeof one === 'string' && one.startsWith(condition.prefix));
}
