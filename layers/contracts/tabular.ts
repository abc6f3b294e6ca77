import * as z from 'zod';
import { instanceSchema, segments } from './instance.ts';
import { limits } from './limits.ts';
import { latencySchema, modelNameSchema, modelVersionSchema } from './prediction.ts';

/** The JSON body of a tabular prediction. */
export const instancesRequestSchema = z
  .strictObject({ instances: z.array(instanceSchema).min(1).max(limits.tabular.maxInstances) })
  .meta({ id: 'InstancesRequest' });
export type InstancesRequest = z.infer<typeof instancesRequestSchema>;

/** Why a row got its probability: exact SHAP values in log-odds, which add up to the row's log-odds. */
export const explanationSchema = z
  .object({
    base_value: z.number().meta({ description: 'log-odds of the average row' }),
    log_odds: z.number().meta({ description: 'base_value and all contributions together, before calibration' }),
    contributions: z.record(z.string(), z.number()).meta({ description: 'by column' }),
    top_reasons: z
      .array(z.object({ column: z.string(), value: instanceSchema.valueType, contribution: z.number() }))
      .max(limits.tabular.maxTopReasons)
      .meta({ description: 'by size of their contribution, the largest first' }),
  })
  .meta({ id: 'Explanation' });
export type Explanation = z.infer<typeof explanationSchema>;

/** What a schema forgives: the row is answered, and the warning is counted. */
export const instanceWarningSchema = z
  .object({ index: z.int().min(0), column: z.string(), detail: z.string() })
  .meta({ id: 'InstanceWarning' });
export type InstanceWarning = z.infer<typeof instanceWarningSchema>;

export const instancePredictionSchema = z
  .object({
    prediction_id: z.uuid(),
    id: z.union([z.string(), z.number()]).optional().meta({ description: 'the value of the id column' }),
    label: z.string(),
    probability: z.number().min(0).max(1).meta({ description: 'calibrated, of the positive class' }),
    segment: z.enum(segments),
    explanation: explanationSchema.optional(),
  })
  .meta({ id: 'InstancePrediction' });
export type InstancePrediction = z.infer<typeof instancePredictionSchema>;

export const instancesResponseSchema = z
  .object({
    request_id: z.string(),
    model: modelNameSchema,
    model_version: modelVersionSchema,
    predictions: z.array(instancePredictionSchema).min(1).meta({ description: 'in the order of the instances' }),
    warnings: z.array(instanceWarningSchema),
    latency_ms: latencySchema.omit({ decode: true }),
  })
  .meta({ id: 'InstancesResponse' });
export type InstancesResponse = z.infer<typeof instancesResponseSchema>;
