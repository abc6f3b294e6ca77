import { describe, expect, it } from 'vitest';
import { between, parseScheduleExpression } from '../../local/schedules/schedule-expression.ts';

const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
const next = (expression: string, after: string, timeZone?: string) =>
  iso(parseScheduleExpression(expression, { timeZone }).next(Date.parse(after)));

// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html; dates by the calendar, 2026-11-20 is a Friday
describe('a cron expression', () => {
  it.each([
    ['cron(0 3 ? * SUN *)', '2026-11-20T00:00:00Z', '2026-11-22T03:00:00.000Z'],
    ['cron(0 3 ? * 1 *)', '2026-11-20T00:00:00Z', '2026-11-22T03:00:00.000Z'], // days are counted from Sunday, 1
    ['cron(0/5 8-17 ? * MON-FRI *)', '2026-11-20T18:00:00Z', '2026-11-23T08:00:00.000Z'],
    ['cron(15 10 ? * 6L 2022-2030)', '2026-11-20T11:00:00Z', '2026-11-27T10:15:00.000Z'], // the last Friday
    ['cron(0 3 ? * 2#1 *)', '2026-11-20T00:00:00Z', '2026-12-07T03:00:00.000Z'], // the first Monday
    ['cron(0 10 L * ? *)', '2026-11-20T00:00:00Z', '2026-11-30T10:00:00.000Z'],
    ['cron(0 10 3W * ? *)', '2026-09-20T00:00:00Z', '2026-10-02T10:00:00.000Z'], // 3 October is a Saturday
    ['cron(0 12 * * ? *)', '2026-11-20T12:00:00Z', '2026-11-21T12:00:00.000Z'], // strictly afterwards
    ['cron(0 0 1 1 ? 2020)', '2026-11-20T00:00:00Z', undefined],
  ])('%s after %s is due at %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it('is read in its time zone, over a change of the clocks too', () => {
    const weekly = 'cron(0 3 ? * SUN *)';

    expect(next(weekly, '2026-11-20T00:00:00Z', 'Asia/Jakarta')).toBe('2026-11-21T20:00:00.000Z');
    expect(next(weekly, '2026-10-18T04:00:00Z', 'Europe/Berlin')).toBe('2026-10-25T02:00:00.000Z'); // winter again
    expect(next(weekly, '2026-10-11T04:00:00Z', 'Europe/Berlin')).toBe('2026-10-18T01:00:00.000Z');
  });
});

describe('a rate', () => {
  it.each([
    ['rate(5 minutes)', '2026-11-20T00:01:00Z', '2026-11-20T00:05:00.000Z'],
    ['rate(1 hour)', '2026-11-20T00:00:00Z', '2026-11-20T01:00:00.000Z'],
    ['rate(7 days)', '2026-11-20T00:00:00Z', '2026-11-26T00:00:00.000Z'], // 1 January 1970 was a Thursday
  ])('%s after %s is due at %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it('counts from where it is told to, and is due there first', () => {
    const occurrences = parseScheduleExpression('rate(2 hours)', { rateFromMs: Date.parse('2026-11-20T00:30:00Z') });

    expect(iso(occurrences.next(Date.parse('2026-11-01T00:00:00Z')))).toBe('2026-11-20T00:30:00.000Z');
    expect(iso(occurrences.next(Date.parse('2026-11-20T00:30:00Z')))).toBe('2026-11-20T02:30:00.000Z');
  });
});

it('a moment is due once, in its time zone', () => {
  const at = 'at(2026-11-20T13:00:00)';

  expect(next(at, '2026-11-20T00:00:00Z', 'Asia/Jakarta')).toBe('2026-11-20T06:00:00.000Z');
  expect(next(at, '2026-11-20T13:00:00Z')).toBeUndefined();
});

it.each([
  ['every day', 'none of'],
  ['cron(0 3 * * *)', '5 fields'],
  ['cron(0 3 * * * *)', '\\?'],
  ['cron(0 3 ? * ? *)', '\\?'],
  ['cron(0 25 * * ? *)', 'hour'],
  ['rate(0 minutes)', 'from 1'],
  ['rate(1 minutes)', 'minute'],
  ['rate(5 minute)', 'minute'],
  ['rate(5 weeks)', 'day'],
  ['at(2026-11-20)', 'yyyy'],
])('%s is refused', (expression, reason) => {
  expect(() => parseScheduleExpression(expression)).toThrow(new RegExp(reason));
});

it('an unknown time zone is refused', () => {
  const parse = () => parseScheduleExpression('cron(0 3 ? * SUN *)', { timeZone: 'Mars/Olympus' });

  expect(parse).toThrow('Mars/Olympus');
});

it('a period keeps what is within it', () => {
  const [startMs, endMs] = [Date.parse('2026-11-20T00:00:00Z'), Date.parse('2026-11-20T12:00:00Z')];
  const occurrences = between(parseScheduleExpression('rate(6 hours)'), startMs, endMs);

  expect(iso(occurrences.next(0))).toBe('2026-11-20T00:00:00.000Z');
  expect(iso(occurrences.next(startMs))).toBe('2026-11-20T06:00:00.000Z');
  expect(occurrences.next(endMs)).toBeUndefined();
});
