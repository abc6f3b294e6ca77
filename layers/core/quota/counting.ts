import type { Tally, UsageOutcome, UsageStep, UsageStore } from './usage-store.ts';

/** A step that counts a request. */
export type RequestStep = UsageStep & Required<Pick<UsageStep, 'request'>>;

/**
 * Counts a request. The step guesses whether its minute is still to be opened; a refusal tells whether it guessed right.
 * At most three tries, since a minute once opened stays open or gives way to a later one.
 */
export async function count(store: UsageStore, step: RequestStep): Promise<UsageOutcome> {
  const outcome = await store.count(step);
  if (outcome.isCounted) return outcome;
  const { minute } = step.request;
  const opens = isBefore(outcome.tally.minute, minute);
  if (opens !== step.request.opens) return count(store, { ...step, request: { minute, opens } });
  return { isCounted: false, tally: opens ? withoutRequests(outcome.tally) : outcome.tally };
}

/** A clock ahead of ours may have opened the next minute: our request counts in that one. */
const isBefore = (minute: string | undefined, ours: string): boolean => minute === undefined || minute < ours;

/** What was counted in an earlier minute is held against nobody. */
const withoutRequests = (tally: Tally): Tally => ({ ...tally, requests: { user: 0, tenant: 0 } });

/**
 * Counts as many of the predictions as the day has left: asks for fewer each time that others were faster.
 * @returns how many were counted
 */
export async function countUpTo(store: UsageStore, step: UsageStep): Promise<number> {
  const { predictionsPerDayPerUser: userLimit, predictionsPerDayPerTenant: tenantLimit } = step.plan;
  let wanted = Math.min(step.predictions, userLimit, tenantLimit);
  while (wanted > 0) {
    const { isCounted, tally } = await store.count({ ...step, predictions: wanted });
    if (isCounted) return wanted;
    wanted = Math.min(wanted, userLimit - tally.predictions.user, tenantLimit - tally.predictions.tenant);
  }
  return 0;
}
