import { setTimeout as sleep } from 'node:timers/promises';

/** Statuses that say "later": the gateway's throttle and a quota, a store or a function that cannot just now. */
const LATER: readonly number[] = [429, 503];

const MAX_ATTEMPTS = 4;

/** A quota of a minute is waited for; one of a day is told to whoever asked. */
const MAX_WAIT_MS = 60_000;

const FIRST_WAIT_MS = 500;

/** What is random and what takes time, so that tests need neither. */
export interface Waiting {
  readonly random: () => number;
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export const realWaiting: Waiting = {
  random: Math.random,
  now: Date.now,
  sleep: async (ms, signal) => sleep(ms, undefined, signal && { signal }),
};

/**
 * How long to wait before another attempt: as long as the API says, else twice as long each time, with the half of it
 * random so that many clients do not come back at once.
 * @param attempts how many were made
 * @returns milliseconds; undefined where the answer stands
 */
export function delayBeforeRetry(
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  attempts: number,
  { random, now }: Pick<Waiting, 'random' | 'now'>,
): number | undefined {
  if (!LATER.includes(status) || attempts >= MAX_ATTEMPTS) return undefined;
  const told = headers.get('retry-after');
  const wait = told === null ? FIRST_WAIT_MS * 2 ** (attempts - 1) * (0.5 + random() / 2) : retryAfterMs(told, now());
  return wait <= MAX_WAIT_MS ? wait : undefined;
}

/** RFC 9110, 10.2.3: seconds, or a date. What is neither is never waited for. */
const retryAfterMs = (value: string, now: number): number => {
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? Number.POSITIVE_INFINITY : Math.max(0, ms);
};
