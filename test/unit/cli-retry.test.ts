import { expect, it } from 'vitest';
import { delayBeforeRetry } from '../../cli/api/retry.ts';

const at = { now: () => Date.UTC(2026, 10, 20, 9, 30, 0), random: () => 0.5 };
const answer = (status: number, retryAfter?: string) => ({
  status,
  headers: new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
});

it.each([200, 400, 401, 404, 409, 413, 500, 502, 504])('takes %i for an answer', (status) => {
  expect(delayBeforeRetry(answer(status, '1'), 1, at)).toBeUndefined();
});

it.each([
  ['seconds', '7', 7000],
  ['no time at all', '0', 0],
  ['a date of RFC 9110', 'Fri, 20 Nov 2026 09:30:10 GMT', 10_000],
  ['a date that is past', 'Fri, 20 Nov 2026 09:29:00 GMT', 0],
  ['just the most that is waited', '60', 60_000],
])('waits as it is told: %s', (_, retryAfter, delay) => {
  expect(delayBeforeRetry(answer(429, retryAfter), 1, at)).toBe(delay);
});

it.each(['61', '86400', 'soon', ''])('does not wait for %j', (retryAfter) => {
  expect(delayBeforeRetry(answer(503, retryAfter), 1, at)).toBeUndefined();
});

it('waits twice as long each time where it is told nothing, and stops after four attempts', () => {
  const delays = [1, 2, 3, 4].map((attempts) => delayBeforeRetry(answer(503), attempts, at));

  expect(delays).toEqual([375, 750, 1500, undefined]);
});

it('waits a time that differs from client to client by the half', () => {
  const between = [0, 1].map((random) => delayBeforeRetry(answer(503), 1, { ...at, random: () => random }));

  expect(between).toEqual([250, 500]);
});
