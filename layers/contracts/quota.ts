import * as z from 'zod';

const limit = z.int().min(1).max(1_000_000_000);

/** What the users of a tenant may use up, each of them and all together. */
export const planSchema = z.strictObject({
  requestsPerMinutePerUser: limit,
  requestsPerMinutePerTenant: limit,
  /** a job's items count as well */
  predictionsPerDayPerUser: limit,
  predictionsPerDayPerTenant: limit,
});
export type Plan = z.infer<typeof planSchema>;

const planName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected lower-case letters, digits and hyphens');

/** The plans of a stage, and the one of every tenant that was given none. */
export const quotaSettingsSchema = z
  .strictObject({ defaultPlan: planName, plans: z.record(planName, planSchema) })
  .check(({ value: { defaultPlan, plans }, issues }) => {
    if (Object.hasOwn(plans, defaultPlan)) return;
    const message = `expected one of the plans ${Object.keys(plans).join(', ')}`;
    issues.push({ code: 'custom', input: defaultPlan, path: ['defaultPlan'], message });
  });
export type QuotaSettings = z.infer<typeof quotaSettingsSchema>;

/** What an operator gives a tenant: a plan of the stage, and limits of the tenant's own in place of some of its. */
export const planAssignmentSchema = z.object({
  plan: planName,
  limits: z.partialRecord(planSchema.keyof(), limit).optional(),
});
export type PlanAssignment = z.infer<typeof planAssignmentSchema>;

/** Fields of draft-ietf-httpapi-ratelimit-headers-10 and RFC 9110 §10.2.3, on answers to routes that want a token. */
export const quotaHeaders = {
  policy: 'ratelimit-policy',
  state: 'ratelimit',
  retryAfter: 'retry-after',
} as const;
