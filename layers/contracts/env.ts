import * as z from 'zod';
import { modelNameSchema } from './prediction.ts';
import { quotaSettingsSchema } from './quota.ts';

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

/** What a function is told that counts what callers use: all with routes behind a token, and those that do jobs and drops. */
const countingEnvSchema = functionEnvSchema.extend({
  USAGE_TABLE: z.string().min(3),
  /** the stage's plans, as JSON */
  QUOTAS: z.string().transform(parseJson).pipe(quotaSettingsSchema),
});

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'expected JSON' });
    return z.NEVER;
  }
}

/** What a function is told that runs models. */
const servingEnvSchema = countingEnvSchema.extend({
  PHOTOS_BUCKET: z.string().min(3),
  HISTORY_TABLE: z.string().min(3),
  /** days that a record stays in the history */
  HISTORY_RETENTION_DAYS: z.coerce.number().int().positive(),
  CAPTURE_QUEUE_URL: z.url(),
  REGISTRY_TABLE: z.string().min(3),
  MODELS_BUCKET: z.string().min(3),
  /** onnxruntime's Linux builds phone home from 1.29 on unless they are told not to */
  ORT_DISABLE_TELEMETRY: z.literal('1'),
});

/**
 * One schema per function: its handler reads the values with it, its construct sets them by it. A variable that is not
 * here cannot be set, and one that is not set fails at synthesis.
 */
export const functionEnv = {
  predict: servingEnvSchema.extend({ DEFAULT_MODEL: modelNameSchema, BATCH_QUEUE_URL: z.url() }),
  jobs: countingEnvSchema.extend({
    DEFAULT_MODEL: modelNameSchema,
    JOBS_TABLE: z.string().min(3),
    REGISTRY_TABLE: z.string().min(3),
    /** days that a job can be looked up */
    JOBS_RETENTION_DAYS: z.coerce.number().int().positive(),
    WORK_BUCKET: z.string().min(3),
    INBOX_BUCKET: z.string().min(3),
    CONTROL_QUEUE_URL: z.url(),
  }),
  'job-control': countingEnvSchema.extend({
    JOBS_TABLE: z.string().min(3),
    WORK_BUCKET: z.string().min(3),
    INBOX_BUCKET: z.string().min(3),
    CONTROL_QUEUE_URL: z.url(),
    EVENT_BUS: z.string().min(1),
    BATCH_QUEUE_URL: z.url(),
  }),
  batch: servingEnvSchema.extend({
    JOBS_TABLE: z.string().min(3),
    WORK_BUCKET: z.string().min(3),
    INBOX_BUCKET: z.string().min(3),
    CONTROL_QUEUE_URL: z.url(),
  }),
  history: countingEnvSchema.extend({ HISTORY_TABLE: z.string().min(3) }),
  models: countingEnvSchema.extend({
    DEFAULT_MODEL: modelNameSchema,
    REGISTRY_TABLE: z.string().min(3),
    MODELS_BUCKET: z.string().min(3),
    INBOX_BUCKET: z.string().min(3),
    /** runs what tenants want to register */
    VERIFY_FUNCTION: z.string().min(1),
  }),
  runs: countingEnvSchema.extend({ RUNS_TABLE: z.string().min(3), MODELS_BUCKET: z.string().min(3) }),
  verify: functionEnvSchema.extend({ ORT_DISABLE_TELEMETRY: z.literal('1') }),
  training: countingEnvSchema.extend({
    REGISTRY_TABLE: z.string().min(3),
    RUNS_TABLE: z.string().min(3),
    MODELS_BUCKET: z.string().min(3),
    STATE_MACHINE_ARN: z.string().min(1),
  }),
  train: functionEnvSchema.extend({
    REGISTRY_TABLE: z.string().min(3),
    RUNS_TABLE: z.string().min(3),
    MODELS_BUCKET: z.string().min(3),
    INBOX_BUCKET: z.string().min(3),
    EVENT_BUS: z.string().min(1),
    /** tells of the code that trained a version */
    VERSION: z.string().min(1),
    ORT_DISABLE_TELEMETRY: z.literal('1'),
  }),
  usage: countingEnvSchema,
  platform: functionEnvSchema.extend({ VERSION: z.string().min(1) }),
  'pre-token': functionEnvSchema,
} as const;

export type FunctionName = keyof typeof functionEnv;
export type FunctionEnv<N extends FunctionName> = z.infer<(typeof functionEnv)[N]> & z.infer<typeof lambdaEnvSchema>;
