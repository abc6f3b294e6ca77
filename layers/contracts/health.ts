import * as z from 'zod';

export const healthSchema = z
  .object({ status: z.literal('ok'), version: z.string(), stage: z.string() })
  .meta({ id: 'Health' });

export const liveSchema = z.object({ live: z.literal(true) }).meta({ id: 'Live' });

const checkSchema = z.object({ name: z.string(), ok: z.boolean(), duration_ms: z.number().min(0) });

/** Each store is asked, and the model runs on a blank image: ready means that a prediction would work. */
export const readySchema = z.object({ ready: z.boolean(), checks: z.array(checkSchema) }).meta({ id: 'Ready' });
export type Readiness = z.infer<typeof readySchema>;
