import { invalidParameter } from './errors.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** Cuts one page out of a list; the token is the offset of the next one. */
export function page<T>(all: readonly T[], limit = 60, token?: string): Page<T> {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw invalidParameter('Invalid pagination token');
  const end = start + limit;
  const items = all.slice(start, end);
  return end < all.length ? { items, next: Buffer.from(String(end)).toString('base64url') } : { items };
}

/** A stored time as the wire has it: epoch seconds. */
export const epochSeconds = (epochMs: number): number => epochMs / 1000;
