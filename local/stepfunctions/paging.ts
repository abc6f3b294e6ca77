import { invalidToken, validation } from './refusals.ts';

export interface PageInput {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

const DEFAULT_RESULTS = 100;
const MAX_RESULTS = 1000;

/** Which part of a list is asked for. */
export interface Page {
  readonly limit: number;
  /** What came last on the page before. */
  readonly after: string | undefined;
}

/** @throws {AwsError} ValidationException, InvalidToken */
export function pageOf({ maxResults = 0, nextToken }: PageInput): Page {
  if (!Number.isInteger(maxResults) || maxResults < 0 || maxResults > MAX_RESULTS) {
    throw validation(`maxResults must be from 0 to ${MAX_RESULTS}, not ${maxResults}`);
  }
  return { limit: maxResults || DEFAULT_RESULTS, after: nextToken === undefined ? undefined : decode(nextToken) };
}

/** Cuts a list that was read one further than the page goes. */
export function cut<T>(rows: readonly T[], { limit }: Page, keyOf: (row: T) => string | number) {
  const page = rows.slice(0, limit);
  const isLast = rows.length <= limit;
  return { page, nextToken: isLast ? undefined : encode(String(keyOf(page.at(-1)!))) };
}

const PREFIX = 'after:';
const encode = (key: string): string => Buffer.from(PREFIX + key).toString('base64url');

function decode(token: string): string {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!text.startsWith(PREFIX)) throw invalidToken(token);
  return text.slice(PREFIX.length);
}
