import { limits } from '@kilat/contracts';

const encoder = new TextEncoder();

/**
 * Parts a list so that each part, as JSON, fits into a message of a queue. What is too long by itself is a part of its
 * own: that it is refused is then its own affair.
 */
export function messagePortions<T>(items: readonly T[], maxBytes: number = limits.maxMessageBytes): T[][] {
  const portions: T[][] = [];
  let room = 0;
  for (const item of items) {
    const bytes = encoder.encode(JSON.stringify(item)).length + 1;
    if (bytes > room || portions.length === 0) {
      portions.push([]);
      room = maxBytes;
    }
    portions.at(-1)!.push(item);
    room -= bytes;
  }
  return portions;
}
