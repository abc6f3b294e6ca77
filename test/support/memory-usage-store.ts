import type { PlanAssignment, UsageDay } from '@kilat/contracts';
import type { Caller, Tally, UsageStep, UsageStore } from '@kilat/core';

interface Day {
  minute?: string;
  inMinute: Map<string, number>;
  requests: Map<string, number>;
  predictions: Map<string, number>;
}

const sum = (counts: Map<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);
const add = (counts: Map<string, number>, userId: string, n: number): void => {
  counts.set(userId, (counts.get(userId) ?? 0) + n);
};
const usedOf = (counts: Map<string, number>, userId: string) => ({
  user: counts.get(userId) ?? 0,
  tenant: sum(counts),
});

/** Usage in memory, one step at a time, as the contract of usage stores asks. */
export function memoryUsageStore(plans: Record<string, PlanAssignment> = {}): UsageStore & { steps: UsageStep[] } {
  const days = new Map<string, Day>();
  const steps: UsageStep[] = [];

  function dayOf({ tenantId }: Pick<Caller, 'tenantId'>, day: string): Day {
    const key = `${tenantId} ${day}`;
    const known = days.get(key) ?? { inMinute: new Map(), requests: new Map(), predictions: new Map() };
    days.set(key, known);
    return known;
  }

  const tallyOf = ({ minute, inMinute, predictions }: Day, { userId }: Caller): Tally => ({
    minute,
    requests: usedOf(inMinute, userId),
    predictions: usedOf(predictions, userId),
  });

  return {
    steps,

    async count(step) {
      steps.push(step);
      const { caller, request } = step;
      const day = dayOf(caller, step.day);
      if (!isAllowed(step, tallyOf(day, caller))) return { isCounted: false, tally: tallyOf(day, caller) };
      if (request?.opens) Object.assign(day, { minute: request.minute, inMinute: new Map() });
      if (request) for (const counts of [day.inMinute, day.requests]) add(counts, caller.userId, 1);
      add(day.predictions, caller.userId, step.predictions);
      return { isCounted: true, tally: tallyOf(day, caller) };
    },

    async giveBack(caller, day, predictions) {
      add(dayOf(caller, day).predictions, caller.userId, -predictions);
    },

    plan: async (tenantId) => plans[tenantId],

    days: async (tenantId, from, to) =>
      [...days]
        .map(([key, day]) => [...key.split(' '), day] as [string, string, Day])
        .filter(([tenant, day]) => tenant === tenantId && day >= from && day <= to)
        .map(([, day, counts]) => usageDay(day, counts))
        .sort((a, b) => a.day.localeCompare(b.day)),
  };
}

function isAllowed({ plan, request, predictions }: UsageStep, { minute, requests, predictions: used }: Tally): boolean {
  const isOpen = minute !== undefined && request !== undefined && minute >= request.minute;
  const isDayLeft =
    predictions === 0 ||
    (used.user + predictions <= plan.predictionsPerDayPerUser &&
      used.tenant + predictions <= plan.predictionsPerDayPerTenant);
  if (!request || !isDayLeft) return isDayLeft;
  if (request.opens || !isOpen) return request.opens && !isOpen;
  return requests.user < plan.requestsPerMinutePerUser && requests.tenant < plan.requestsPerMinutePerTenant;
}

const usageDay = (day: string, { requests, predictions }: Day): UsageDay => ({
  day,
  requests: sum(requests),
  predictions: sum(predictions),
  users: [...new Set([...requests.keys(), ...predictions.keys()])].sort().map((user_id) => ({
    user_id,
    requests: requests.get(user_id) ?? 0,
    predictions: predictions.get(user_id) ?? 0,
  })),
});
