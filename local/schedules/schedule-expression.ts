import { Cron } from 'croner';

/** When something is due. */
export interface Occurrences {
  /** @returns epoch milliseconds; undefined where nothing follows */
  next(afterMs: number): number | undefined;
}

export interface ExpressionOptions {
  /** An IANA name. @default UTC */
  readonly timeZone?: string | undefined;
  /** From when a rate counts, in epoch milliseconds. @default 0, so that a restart does not move it */
  readonly rateFromMs?: number | undefined;
}

/**
 * `cron(minutes hours day-of-month month day-of-week year)`, `rate(value unit)` or `at(yyyy-mm-ddThh:mm:ss)`.
 * @throws {RangeError} saying what is wrong with it
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseScheduleExpression(expression: string, options: ExpressionOptions = {}): Occurrences {
  const [, kind = '', argument = ''] = /^(cron|rate|at)\((.+)\)$/.exec(expression) ?? [];
  const { timeZone = 'UTC', rateFromMs = 0 } = options;
  const parse = kinds[kind];
  if (!parse) throw new RangeError(`'${expression}' is none of cron(…), rate(…) and at(…)`);
  try {
    new Intl.DateTimeFormat('en', { timeZone }); // throws where there is no such zone
    return parse(argument, { timeZone, rateFromMs });
  } catch (cause) {
    throw new RangeError(`'${expression}' is no schedule: ${(cause as Error).message}`, { cause });
  }
}

interface Settings {
  readonly timeZone: string;
  readonly rateFromMs: number;
}

const kinds: Readonly<Record<string, (argument: string, settings: Settings) => Occurrences>> = {
  cron: parseCron,
  rate: parseRate,
  at: parseAt,
};

/** Six fields of which AWS counts the days of the week from 1, Sunday; `0/5` starts at 0 as `*` does. */
function parseCron(argument: string, { timeZone }: Settings): Occurrences {
  const fields = argument.trim().split(/\s+/);
  if (fields.length !== 6) throw new RangeError(`it has ${fields.length} fields instead of six`);
  if ((fields[2] === '?') === (fields[4] === '?')) {
    throw new RangeError('either the day of the month or the day of the week has to be ?');
  }
  const options = { timezone: timeZone, alternativeWeekdays: true, sloppyRanges: true, paused: true };
  const cron = new Cron(`0 ${fields.join(' ')}`, options);
  return { next: (afterMs) => cron.nextRun(new Date(afterMs))?.getTime() };
}

const UNITS_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** One of a unit is spelt in the singular, more in the plural. */
function parseRate(argument: string, { rateFromMs }: Settings): Occurrences {
  const [, value, unit = '', plural] = /^(\d+) +([a-z]+?)(s?)$/.exec(argument) ?? [];
  const count = Number(value);
  const unitMs = UNITS_MS[unit];
  if (!unitMs || !(count >= 1) || (count === 1) === (plural === 's')) {
    throw new RangeError('a rate is a number from 1 and minute(s), hour(s) or day(s)');
  }
  const periodMs = count * unitMs;
  return {
    next: (afterMs) => rateFromMs + Math.max(0, Math.floor((afterMs - rateFromMs) / periodMs) + 1) * periodMs,
  };
}

function parseAt(argument: string, { timeZone }: Settings): Occurrences {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(argument)) throw new RangeError('a moment is yyyy-mm-ddThh:mm:ss');
  const cron = new Cron(argument, { timezone: timeZone, paused: true });
  return { next: (afterMs) => cron.nextRun(new Date(afterMs))?.getTime() };
}

/** Those within a period alone. */
export const between = (occurrences: Occurrences, startMs = -Infinity, endMs = Infinity): Occurrences => ({
  next: (afterMs) => {
    const nextMs = occurrences.next(Math.max(afterMs, startMs - 1));
    return nextMs === undefined || nextMs > endMs ? undefined : nextMs;
  },
});
