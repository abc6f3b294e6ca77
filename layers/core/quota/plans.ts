import type { Plan, PlanAssignment, QuotaSettings } from '@kilat/contracts';
import type { UsageStore } from './usage-store.ts';

/** The plan that holds for a tenant. */
export interface TenantPlan {
  readonly name: string;
  readonly limits: Plan;
}

/**
 * The limits of a tenant: its plan's, but for those that it was given of its own. A plan that the stage does not know
 * counts as the default one: a slip of an operator's pen shuts nobody out, and the usage shows it.
 */
export function planOf({ defaultPlan, plans }: QuotaSettings, assigned: PlanAssignment | undefined): TenantPlan {
  const name = assigned && Object.hasOwn(plans, assigned.plan) ? assigned.plan : defaultPlan;
  return { name, limits: { ...plans[name]!, ...assigned?.limits } };
}

const PLAN_MS = 60_000;

/** A plan that is known, and the look that is taken meanwhile at whether it still is the one. */
export interface KnownPlan {
  readonly plan: TenantPlan;
  readonly refreshed: Promise<unknown>;
}

/**
 * Plans by tenant. Only a tenant's first request in this process waits for its plan to be read. After a minute it is
 * read anew beside the next request, which is judged by the known one: a change holds for all requests after that.
 */
export function planCache(store: Pick<UsageStore, 'plan'>, settings: QuotaSettings, now: () => number) {
  const known = new Map<string, { readonly plan: TenantPlan; readonly readAt: number }>();

  async function read(tenantId: string): Promise<TenantPlan> {
    const readAt = now();
    const plan = planOf(settings, await store.plan(tenantId));
    known.set(tenantId, { plan, readAt });
    return plan;
  }

  return async (tenantId: string): Promise<KnownPlan> => {
    const entry = known.get(tenantId);
    if (!entry) return { plan: await read(tenantId), refreshed: Promise.resolve() };
    const isFresh = now() - entry.readAt < PLAN_MS;
    return { plan: entry.plan, refreshed: isFresh ? Promise.resolve() : read(tenantId).catch(() => {}) };
  };
}
