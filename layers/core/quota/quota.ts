import type { QuotaSettings } from '@kilat/contracts';
import { PlatformError, StoreUnavailableError, TooManyRequestsError } from '../errors.ts';
import { count, countUpTo, type RequestStep } from './counting.ts';
import { planCache } from './plans.ts';
import { type Account, type Standing, standingsOf, type Use } from './standing.ts';
import type { Caller, UsageStep, UsageStore } from './usage-store.ts';
import { windowsAt } from './windows.ts';

export interface QuotaPorts {
  readonly store: UsageStore;
  readonly settings: QuotaSettings;
  /** epoch milliseconds */
  readonly now: () => number;
}

/** A request that was counted. */
export interface Admission {
  readonly standings: readonly Standing[];
  /** Takes back the predictions that it was counted for; of a mere request, nothing. */
  giveBack(): Promise<void>;
}

/** Predictions set aside for a caller: as many of those that were asked for as the day had left. */
export interface Reservation {
  readonly granted: number;
  /** Takes back those of them that came to nothing. */
  giveBack(predictions: number): Promise<void>;
}

/** Counts what callers use, and refuses what is beyond their plan. */
export interface Quota {
  /**
   * Counts a request and, where it predicts, its predictions: all of them or none. A request whose predictions are
   * refused still was a request.
   * @param predictions that it makes; 1 where absent
   * @throws {TooManyRequestsError}
   * @throws {StoreUnavailableError} Nobody is let in uncounted: whoever overloads the counters of a tenant would be rid
   *   of its limits just then, and no prediction could be kept without the store anyway.
   */
  admit(caller: Caller, use: Use, predictions?: number): Promise<Admission>;
  /**
   * Sets predictions aside for items of a job: they count in the day and not in the minute. Every call counts anew: for
   * a message that is delivered again, what the first delivery was granted has to be remembered.
   * @throws {StoreUnavailableError}
   */
  countPredictions(caller: Caller, wanted: number): Promise<Reservation>;
}

export function quotaOf({ store, settings, now }: QuotaPorts): Quota {
  const planOfTenant = planCache(store, settings, now);
  /** By tenant, the minute in which this process counted last: its next step there joins at the first try. */
  const minutes = new Map<string, string>();

  async function admit(caller: Caller, use: Use, predictions = 1): Promise<Admission> {
    const { plan, refreshed } = await planOfTenant(caller.tenantId);
    const { limits } = plan;
    const at = windowsAt(now());
    const request = { minute: at.minute, opens: minutes.get(caller.tenantId) !== at.minute };
    const step = { caller, plan: limits, day: at.day, request, predictions: use === 'prediction' ? predictions : 0 };
    const [{ isCounted, tally }] = await Promise.all([count(store, step), refreshed]);
    minutes.set(caller.tenantId, at.minute);
    if (!isCounted) throw await refusal(store, step, { limits, tally, at });
    return {
      standings: standingsOf(use, { limits, tally, at }),
      giveBack: () => giveBack(store, step, step.predictions),
    };
  }

  async function countPredictions(caller: Caller, wanted: number): Promise<Reservation> {
    const { plan, refreshed } = await planOfTenant(caller.tenantId);
    const step = { caller, plan: plan.limits, day: windowsAt(now()).day, predictions: wanted };
    const [granted] = await Promise.all([countUpTo(store, step), refreshed]);
    return { granted, giveBack: (predictions) => giveBack(store, step, predictions) };
  }

  return {
    admit: (caller, use, predictions) => answered(admit(caller, use, predictions)),
    countPredictions: (caller, wanted) => answered(countPredictions(caller, wanted)),
  };
}

/** Where the day alone refused, the request is counted without its prediction. */
async function refusal(store: UsageStore, step: RequestStep, account: Account): Promise<TooManyRequestsError> {
  const use = step.predictions > 0 ? 'prediction' : 'request';
  const isMinuteSpent = standingsOf('request', account).some(({ remaining }) => remaining === 0);
  if (isMinuteSpent) return new TooManyRequestsError(standingsOf(use, account), step.predictions);
  const { requests } = (await count(store, { ...step, predictions: 0 })).tally;
  return new TooManyRequestsError(
    standingsOf(use, { ...account, tally: { ...account.tally, requests } }),
    step.predictions,
  );
}

/** To the day that they were taken from, whatever day it is by now. */
async function giveBack(store: UsageStore, { caller, day }: UsageStep, predictions: number): Promise<void> {
  if (predictions > 0) await answered(store.giveBack(caller, day, predictions));
}

async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause;
    throw new StoreUnavailableError('what callers use cannot be counted', { cause });
  }
}
