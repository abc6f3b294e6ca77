import * as z from 'zod';
import { imageMediaTypes } from './image.ts';
import { instanceSchema, segments } from './instance.ts';
import { limits } from './limits.ts';

export const modelNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected lower-case letters, digits and hyphens, at most 64')
  .meta({ examples: ['signs'] });

export const modelVersionSchema = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'expected a whole number from 1')
  .meta({ examples: ['1'] });

export const predictQuerySchema = z.object({
  model: modelNameSchema.optional().meta({ description: 'the stage names a default' }),
  top_k: z.coerce
    .number()
    .int()
    .min(1)
    .max(limits.maxTopK)
    .default(limits.defaultTopK)
    .meta({ description: 'how many labels to return; a model with fewer returns all of its own' }),
  explain: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true')
    .meta({ description: 'of rows of a table: say why each got its probability' }),
});

export const labelScoreSchema = z
  .object({ label: z.string(), confidence: z.number().min(0).max(1) })
  .meta({ id: 'LabelScore' });
export type LabelScore = z.infer<typeof labelScoreSchema>;

const milliseconds = z.number().min(0);

/** Where the time went. `decode` takes in a fetch by URL; `store` runs beside the others and is counted on its own. */
export const latencySchema = z
  .object({
    decode: milliseconds,
    preprocess: milliseconds,
    inference: milliseconds,
    store: milliseconds,
    total: milliseconds,
  })
  .meta({ id: 'Latency', description: 'milliseconds' });
export type Latency = z.infer<typeof latencySchema>;

export const predictResponseSchema = z
  .object({
    prediction_id: z.uuid(),
    request_id: z.string(),
    model: modelNameSchema,
    model_version: modelVersionSchema,
    predictions: z.array(labelScoreSchema).min(1).meta({ description: 'by confidence, the highest first' }),
    latency_ms: latencySchema,
  })
  .meta({ id: 'PredictResponse' });
export type PredictResponse = z.infer<typeof predictResponseSchema>;

/** How a photo or a row came in. */
export const predictionSources = ['api', 'batch', 's3'] as const;
export type PredictionSource = (typeof predictionSources)[number];

/** One prediction as the history keeps it. */
export const predictionRecordSchema = z
  .object({
    prediction_id: z.uuid(),
    request_id: z.string(),
    user_id: z.string(),
    model: modelNameSchema,
    model_version: modelVersionSchema,
    label: z.string(),
    confidence: z.number().min(0).max(1),
    predictions: z.array(labelScoreSchema).min(1),
    source: z.enum(predictionSources),
    image: z
      .object({
        media_type: z.enum(imageMediaTypes),
        width_px: z.int().positive(),
        height_px: z.int().positive(),
        bytes: z.int().positive(),
      })
      .optional()
      .meta({ description: 'of an image model' }),
    instance: instanceSchema.optional().meta({ description: 'of a tabular model: the row, as it was sent' }),
    segment: z.enum(segments).optional().meta({ description: 'of a tabular model' }),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'PredictionRecord' });
export type PredictionRecord = z.infer<typeof predictionRecordSchema>;

/** What whatever watches the models is told of one prediction. */
export const predictionCapturedSchema = predictionRecordSchema.extend({
  tenant_id: z.string(),
  /** of an image model */
  photo_key: z.string().optional(),
  /** as what the version answered; `previous` stood in for a champion that could not be loaded */
  alias: z.enum(['champion', 'challenger', 'previous', 'shadow']),
  /** of a shadow's: what the caller was answered */
  answered_label: z.string().optional(),
});
export type PredictionCaptured = z.infer<typeof predictionCapturedSchema>;

/** The message on the capture queue: of rows, as many as fit; a photo has one to itself. */
export const captureMessageSchema = z.object({ predictions: z.array(predictionCapturedSchema).min(1) });
export type CaptureMessage = z.infer<typeof captureMessageSchema>;
