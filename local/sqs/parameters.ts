import { invalidValue, SqsError } from './errors.ts';

export function required<T>(value: T | undefined | null, parameter: string): T {
  if (value === undefined || value === null || value === '') {
    throw new SqsError('MissingParameter', `The request must contain the parameter ${parameter}.`);
  }
  return value;
}

/** The whole number that was given, within its bounds; undefined where none was. */
export function optionalInteger(
  value: number | undefined | null,
  parameter: string,
  { min, max }: { min: number; max: number },
): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidValue(parameter, value, `Must be between ${min} and ${max}, if provided.`);
}

export const VISIBILITY_TIMEOUT_SECONDS = { min: 0, max: 43_200 };

/**
 * One page of a sorted list of names; the token is the last name of the page before.
 * SQS returns a token only where `MaxResults` was given, and 1,000 names at most.
 */
export function pageOf(names: readonly string[], input: { MaxResults?: number; NextToken?: string }) {
  const max = optionalInteger(input.MaxResults, 'MaxResults', { min: 1, max: 1000 });
  const after = input.NextToken ? Buffer.from(input.NextToken, 'base64url').toString() : '';
  const rest = names.filter((name) => name > after).sort();
  const page = rest.slice(0, max ?? 1000);
  const more = max !== undefined && rest.length > page.length;
  return { page, nextToken: more ? Buffer.from(page.at(-1) ?? '').toString('base64url') : undefined };
}
