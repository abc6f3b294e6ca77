import * as z from 'zod';
import { modelNameSchema } from './prediction.ts';

/** What Lambda itself sets, so that no construct has to. */
export const lambdaEnvSchema = z.object({
  /** the folder of the code and of `models/` */
  LAMBDA_TASK_ROOT: z.string().min(1),
});

/** What every function is told. */
const functionEnvSchema = z.object({
  STAGE: z.string().min(1),
  LOG_LEVEL: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
});

/**
 * One schema per function: its handler reads the values with it, its construct sets them by it. A variable that is not
 * here cannot be set, and one that is not set fails at synthesis.
 */
export const functionEnv = {
  predict: functionEnvSchema.extend({
    DEFAULT_MODEL: modelNameSchema,
    PHOTOS_BUCKET: z.string().min(3),
    HISTORY_TABLE: z.string().min(3),
    /** days that a record stays in the history */
    HISTORY_RETENTION_DAYS: z.coerce.number().int().positive(),
    CAPTURE_QUEUE_URL: z.url(),
    /** onnxruntime's Linux builds phone home from 1.29 on unless they are told not to */
    ORT_DISABLE_TELEMETRY: z.literal('1'),
  }),
  history: functionEnvSchema.extend({ HISTORY_TABLE: z.string().min(3) }),
  models: functionEnvSchema.extend({ DEFAULT_MODEL: modelNameSchema }),
  platform: functionEnvSchema.extend({ VERSION: z.string().min(1) }),
  'pre-token': functionEnvSchema,
} as const;

export type FunctionName = keyof typeof functionEnv;
export type FunctionEnv<N extends FunctionName> = z.infer<(typeof functionEnv)[N]> & z.infer<typeof lambdaEnvSchema>;
