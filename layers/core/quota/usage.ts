import { limits as apiLimits, type Identity, type Plan, type Usage, type UsageQuery } from '@kilat/contracts';
import { InvalidRequestError } from '../errors.ts';
import { assertAdmin } from '../tenancy.ts';
import { planOf } from './plans.ts';
import type { QuotaPorts } from './quota.ts';
import { DAY_SECONDS, windowsAt } from './windows.ts';

/**
 * What the admin's tenant has used.
 * @throws {ForbiddenError} when it is no admin who asks
 * @throws {InvalidRequestError} when the span ends before it begins, or is too long for one answer
 */
export async function readUsage(
  { store, settings, now }: QuotaPorts,
  identity: Identity,
  query: UsageQuery,
): Promise<Usage> {
  assertAdmin(identity);
  const { from, to } = spanOf(query, windowsAt(now()).day);
  const [assigned, days] = await Promise.all([store.plan(identity.tenantId), store.days(identity.tenantId, from, to)]);
  const { name, limits } = planOf(settings, assigned);
  return { plan: name, limits: shown(limits), days };
}

interface Span {
  readonly from: string;
  readonly to: string;
}

function spanOf(query: UsageQuery, today: string): Span {
  const to = query.to ?? today;
  const from = query.from ?? to;
  const days = (Date.parse(to) - Date.parse(from)) / (DAY_SECONDS * 1000) + 1;
  if (days >= 1 && days <= apiLimits.maxUsageDays) return { from, to };
  const detail = `expected a day at most ${apiLimits.maxUsageDays - 1} before ${to}`;
  throw new InvalidRequestError(`the query: 'from' is ${from}; ${detail}`, [{ pointer: 'from', detail }]);
}

const shown = (limits: Plan): Usage['limits'] => ({
  requests_per_minute_per_user: limits.requestsPerMinutePerUser,
  requests_per_minute_per_tenant: limits.requestsPerMinutePerTenant,
  predictions_per_day_per_user: limits.predictionsPerDayPerUser,
  predictions_per_day_per_tenant: limits.predictionsPerDayPerTenant,
});
