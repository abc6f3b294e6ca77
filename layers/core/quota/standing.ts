import type { Plan } from '@kilat/contracts';
import type { Tally, Used } from './usage-store.ts';
import { DAY_SECONDS, MINUTE_SECONDS, type Windows } from './windows.ts';

/** What a caller asks for: any request counts in the minute, a prediction in the day as well. */
export type Use = 'request' | 'prediction';

/** How far one quota is used up. */
export interface Standing {
  readonly name: 'user-minute' | 'tenant-minute' | 'user-day' | 'tenant-day';
  readonly counts: 'requests' | 'predictions';
  readonly quota: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

interface Policy extends Pick<Standing, 'name' | 'counts' | 'windowSeconds'> {
  readonly whose: keyof Used;
  readonly limit: keyof Plan;
  readonly left: 'minuteSecondsLeft' | 'daySecondsLeft';
}

const minute = { counts: 'requests', windowSeconds: MINUTE_SECONDS, left: 'minuteSecondsLeft' } as const;
const day = { counts: 'predictions', windowSeconds: DAY_SECONDS, left: 'daySecondsLeft' } as const;

const ofMinute: readonly Policy[] = [
  { name: 'user-minute', whose: 'user', limit: 'requestsPerMinutePerUser', ...minute },
  { name: 'tenant-minute', whose: 'tenant', limit: 'requestsPerMinutePerTenant', ...minute },
];
const ofDay: readonly Policy[] = [
  { name: 'user-day', whose: 'user', limit: 'predictionsPerDayPerUser', ...day },
  { name: 'tenant-day', whose: 'tenant', limit: 'predictionsPerDayPerTenant', ...day },
];
const policies: Record<Use, readonly Policy[]> = { request: ofMinute, prediction: [...ofMinute, ...ofDay] };

export interface Account {
  readonly limits: Plan;
  readonly tally: Tally;
  readonly at: Windows;
}

/** Where a caller stands in every quota that a use of that kind counts in. */
export const standingsOf = (use: Use, { limits, tally, at }: Account): Standing[] =>
  policies[use].map(({ name, counts, windowSeconds, whose, limit, left }) => ({
    name,
    counts,
    quota: limits[limit],
    windowSeconds,
    remaining: Math.max(0, limits[limit] - tally[counts][whose]), // a plan may have shrunk below what is used
    resetSeconds: at[left],
  }));
