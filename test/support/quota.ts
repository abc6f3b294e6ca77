import type { Plan, QuotaSettings } from '@kilat/contracts';
import type { Quota } from '@kilat/core';

/** A plan that nobody uses up, but for the limits that the test is about. */
export const aPlan = (limits: Partial<Plan> = {}): Plan => ({
  requestsPerMinutePerUser: 1000,
  requestsPerMinutePerTenant: 1000,
  predictionsPerDayPerUser: 1000,
  predictionsPerDayPerTenant: 1000,
  ...limits,
});

export const settingsWith = (limits: Partial<Plan> = {}): QuotaSettings => ({
  defaultPlan: 'free',
  plans: { free: aPlan(limits), pro: aPlan() },
});

/** Lets everybody in and counts nothing: for cases that are not about quotas. */
export const noQuota: Quota = {
  admit: async () => ({ standings: [], giveBack: async () => {} }),
  countPredictions: async (_caller, wanted) => ({ granted: wanted, giveBack: async () => {} }),
};
