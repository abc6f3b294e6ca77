import type { Identity, Plan, PlanAssignment, UsageDay } from '@kilat/contracts';

export type Caller = Pick<Identity, 'tenantId' | 'userId'>;

/** How much the caller has used, and the whole tenant. */
export interface Used {
  readonly user: number;
  readonly tenant: number;
}

/** Where a tenant's counters stand, as far as a caller is concerned. */
export interface Tally {
  /** the minute that `requests` are counted in; absent before the first of the day */
  readonly minute?: string | undefined;
  readonly requests: Used;
  readonly predictions: Used;
}

/** What is to be counted, all of it or nothing. */
export interface UsageStep {
  readonly caller: Caller;
  readonly plan: Plan;
  readonly day: string;
  /** One request, in a minute whose counters this step `opens` at zero or joins; absent: no request. */
  readonly request?: { readonly minute: string; readonly opens: boolean };
  readonly predictions: number;
}

/** The tally after the step or, where it was refused, the one that refused it. */
export interface UsageOutcome {
  readonly isCounted: boolean;
  readonly tally: Tally;
}

export interface UsageStore {
  /**
   * One atomic step. It is refused when it would exceed the plan, when it opens a minute that is open, and when it joins
   * one that is not.
   */
  count(step: UsageStep): Promise<UsageOutcome>;
  giveBack(caller: Caller, day: string, predictions: number): Promise<void>;
  plan(tenantId: string): Promise<PlanAssignment | undefined>;
  /** @returns the days of the span on which anything was counted, the first first */
  days(tenantId: string, from: string, to: string): Promise<UsageDay[]>;
}
