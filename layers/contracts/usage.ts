import * as z from 'zod';
import { limits } from './limits.ts';

const day = z.iso.date({ error: 'expected a day, such as 2026-11-20' }).meta({ examples: ['2026-11-20'] });

/** Days are those of UTC. */
export const usageQuerySchema = z.object({
  from: day
    .optional()
    .meta({ description: `the first day, at most ${limits.maxUsageDays} with the last; the last where absent` }),
  to: day.optional().meta({ description: 'the last day; today where absent' }),
});
export type UsageQuery = z.infer<typeof usageQuerySchema>;

const count = z.int().min(0);

export const usageDaySchema = z
  .object({
    day,
    requests: count,
    predictions: count.meta({ description: 'items of jobs among them' }),
    users: z.array(z.object({ user_id: z.string(), requests: count, predictions: count })),
  })
  .meta({ id: 'UsageDay' });
export type UsageDay = z.infer<typeof usageDaySchema>;

export const usageSchema = z
  .object({
    plan: z.string(),
    limits: z.object({
      requests_per_minute_per_user: count,
      requests_per_minute_per_tenant: count,
      predictions_per_day_per_user: count,
      predictions_per_day_per_tenant: count,
    }),
    days: z.array(usageDaySchema).meta({ description: 'those on which anything was asked, the first first' }),
  })
  .meta({ id: 'Usage' });
export type Usage = z.infer<typeof usageSchema>;
