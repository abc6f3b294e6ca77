import { InvalidRequestError } from './errors.ts';

/**
 * Prediction ids are UUIDs of version 7 (RFC 9562 §5.7): their first 48 bits are the time in milliseconds, so that
 * their order is the order in time and a span of time is a range of ids.
 */
export interface IdRange {
  /** the first id that belongs to the range */
  readonly from: string;
  /** the last id that belongs to the range */
  readonly to: string;
}

const LAST_MS = 2 ** 48 - 1;

const firstIdAt = (epochMs: number): string => `${timePart(epochMs)}-0000-0000-000000000000`;
const lastIdAt = (epochMs: number): string => `${timePart(epochMs)}-ffff-ffff-ffffffffffff`;

function timePart(epochMs: number): string {
  const hex = Math.min(Math.max(epochMs, 0), LAST_MS).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/**
 * The ids made from `from` on and before `to`.
 * @param from ISO 8601, belongs to the range
 * @param to ISO 8601, does not belong to it
 */
export function idRange(from: string | undefined, to: string | undefined): IdRange {
  return {
    from: firstIdAt(from ? Date.parse(from) : 0),
    to: to ? lastIdAt(Date.parse(to) - 1) : lastIdAt(LAST_MS),
  };
}

/** When an id was made, in epoch milliseconds. */
export const madeAt = (predictionId: string): number =>
  Number.parseInt(predictionId.slice(0, 8) + predictionId.slice(9, 13), 16);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A cursor names the last prediction of a page; it says nothing about whose, so it opens no other tenant's. */
export const encodeCursor = (predictionId: string): string => btoa(predictionId).replaceAll('=', '');

/** @throws {InvalidRequestError} when the cursor is not one of ours */
export function decodeCursor(cursor: string): string {
  const id = decodeBase64(cursor);
  if (!UUID.test(id)) throw unknownCursor();
  return id;
}

/** A cursor into a list of a fixed order names an index. @throws {InvalidRequestError} when it is not one of ours */
export function decodeIndex(cursor: string): number {
  const index = decodeBase64(cursor);
  if (!/^\d{1,9}$/.test(index)) throw unknownCursor();
  return Number(index);
}

function unknownCursor(): InvalidRequestError {
  const detail = 'expected the next_cursor of an earlier page';
  const message = 'the cursor is not one that this API handed out';
  return new InvalidRequestError(message, [{ pointer: 'next_cursor', detail }]);
}

function decodeBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}
