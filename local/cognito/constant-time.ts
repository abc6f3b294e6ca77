import { timingSafeEqual } from 'node:crypto';

/** Compares secrets in a time that tells nothing of where they differ. */
export function isSameSecret(expected: string | Buffer, given: string | Buffer): boolean {
  const [left, right] = [Buffer.from(expected as string), Buffer.from(given as string)];
  return left.length === right.length && timingSafeEqual(left, right);
}
