import * as z from 'zod';
import { imageReferenceSchema } from './image.ts';
import { instanceSchema, segments } from './instance.ts';
import { limits } from './limits.ts';
import { taskSchema } from './model.ts';
import { labelScoreSchema, modelNameSchema, modelVersionSchema } from './prediction.ts';
import { problemCodes } from './problem.ts';
import { explanationSchema, instanceWarningSchema } from './tabular.ts';

/** A key in the inbox bucket; its second part is the tenant: `uploads/acme/…`. */
const objectKey = z
  .string()
  .min(1)
  .max(1024)
  .meta({ examples: ['uploads/acme/5c1d2c57-6a0e-4f43-8f0e-2f1b8a0f1f0e/three.jpg'] });

const globs = z
  .array(z.string().min(1).max(256))
  .max(limits.jobs.maxGlobs)
  .meta({ description: 'patterns over the rest of the key, such as **/*.jpg', examples: [['**/*.jpg']] });

export const jobSourceSchema = z
  .strictObject({ prefix: objectKey, include: globs.optional(), exclude: globs.optional() })
  .meta({ id: 'JobSource', description: 'every object under a prefix' });
export type JobSource = z.infer<typeof jobSourceSchema>;

/** Where a job's photos or rows come from; a request names just one. */
export const jobInputs = ['items', 'uploads', 'source', 'manifest'] as const;

export const jobRequestSchema = z
  .strictObject({
    model: modelNameSchema.optional().meta({ description: 'the stage names a default' }),
    top_k: z.int().min(1).max(limits.maxTopK).default(limits.defaultTopK),
    explain: z.boolean().default(false).meta({ description: 'of rows of a table: say why each got its probability' }),
    items: z
      .array(z.union([imageReferenceSchema, instanceSchema]))
      .min(1)
      .max(limits.jobs.maxItems)
      .optional()
      .meta({ description: 'images, or for a tabular model rows' }),
    uploads: z.array(objectKey).min(1).max(limits.jobs.maxItems).optional(),
    source: jobSourceSchema.optional(),
    manifest: objectKey.optional().meta({
      description:
        'a file of NDJSON (.ndjson, .jsonl) or CSV (.csv) whose rows hold `key` or `image_url`; for a tabular model, ' +
        'a table: NDJSON, CSV or Parquet (.parquet). `uploads` and `source` then name such tables too',
    }),
    webhook_url: z
      .string()
      .max(limits.imageUrl.maxLength)
      .optional()
      .meta({ format: 'uri', description: 'told once the job has ended: http or https, at a public address' }),
  })
  .refine((request) => jobInputs.filter((input) => request[input]).length === 1, {
    error: `expected one of ${jobInputs.map((input) => `"${input}"`).join(', ')}, and one alone`,
  })
  .meta({ id: 'JobRequest' });
export type JobRequest = z.infer<typeof jobRequestSchema>;

/** From `queued` over `planning` and `running` to one of the rest, which is for good. */
export const jobStates = [
  'queued',
  'planning',
  'running',
  'succeeded',
  'partially_failed',
  'failed',
  'cancelled',
] as const;
export type JobState = (typeof jobStates)[number];

/** What was wrong with an item, or with a whole job. */
export const itemProblemSchema = z
  .object({ code: z.enum(problemCodes), title: z.string(), status: z.int(), detail: z.string() })
  .meta({ id: 'ItemProblem' });
export type ItemProblem = z.infer<typeof itemProblemSchema>;

const count = z.int().min(0);

export const jobCountsSchema = z
  .object({ total: count, succeeded: count, failed: count, pending: count })
  .meta({ id: 'JobCounts', description: 'items; all 0 until the job is planned' });
export type JobCounts = z.infer<typeof jobCountsSchema>;

/** How many rows came into each segment. */
export const segmentCountsSchema = z
  .object(
    Object.fromEntries(segments.map((segment) => [segment, count])) as Record<(typeof segments)[number], typeof count>,
  )
  .meta({ id: 'SegmentCounts' });
export type SegmentCounts = z.infer<typeof segmentCountsSchema>;

export const jobSchema = z
  .object({
    job_id: z.uuid(),
    request_id: z.string(),
    user_id: z.string(),
    state: z.enum(jobStates),
    model: modelNameSchema,
    top_k: z.int(),
    input: z.enum(jobInputs),
    counts: jobCountsSchema,
    segments: segmentCountsSchema.optional().meta({ description: 'of a tabular model: rows answered so far' }),
    progress: z.number().min(0).max(1),
    rate_per_second: z.number().min(0).optional().meta({ description: 'items a second since the job runs' }),
    eta_seconds: z.number().min(0).optional().meta({ description: 'at that rate' }),
    problem: itemProblemSchema.optional().meta({ description: 'why the job as a whole failed' }),
    webhook_problem: itemProblemSchema.optional().meta({ description: 'why its webhook heard nothing' }),
    created_at: z.iso.datetime(),
    started_at: z.iso.datetime().optional(),
    finished_at: z.iso.datetime().optional(),
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof jobSchema>;

export const jobsQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(limits.maxPageSize).default(limits.defaultPageSize),
  next_cursor: z.string().min(1).max(512).optional().meta({ description: 'as the page before handed it out' }),
});
export type JobsQuery = z.infer<typeof jobsQuerySchema>;

export const jobPageSchema = z
  .object({
    items: z.array(jobSchema),
    next_cursor: z.string().optional().meta({ description: 'absent on the last page' }),
  })
  .meta({ id: 'JobPage' });
export type JobPage = z.infer<typeof jobPageSchema>;

export const jobPathSchema = z.object({ job_id: z.uuid() });

/** One line of a job's result, in the order of its input. */
export const jobResultLineSchema = z
  .object({
    index: count,
    input: z.string().meta({ description: 'the URL, the key, or the place in `items`' }),
    prediction_id: z.uuid().optional(),
    model_version: modelVersionSchema.optional(),
    predictions: z.array(labelScoreSchema).optional().meta({ description: 'of an image' }),
    id: z.union([z.string(), z.number()]).optional().meta({ description: 'of a row: the value of its id column' }),
    label: z.string().optional().meta({ description: 'of a row' }),
    probability: z.number().min(0).max(1).optional().meta({ description: 'of a row: of the positive class' }),
    segment: z.enum(segments).optional().meta({ description: 'of a row' }),
    explanation: explanationSchema.optional(),
    warnings: z.array(instanceWarningSchema.omit({ index: true })).optional(),
    problem: itemProblemSchema.optional().meta({ description: 'instead of an answer' }),
  })
  .meta({ id: 'JobResultLine' });
export type JobResultLine = z.infer<typeof jobResultLineSchema>;

export const jobResultSchema = z
  .object({
    job_id: z.uuid(),
    url: z.url().meta({ description: 'the whole result as NDJSON, one line an item' }),
    url_expires_at: z.iso.datetime(),
    items: z.array(jobResultLineSchema),
    next_cursor: z.string().optional().meta({ description: 'absent on the last page' }),
  })
  .meta({ id: 'JobResult' });
export type JobResult = z.infer<typeof jobResultSchema>;

/** The header that makes a repeated request the same job. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';
export const IDEMPOTENCY_KEY_PATTERN = /^[\x21-\x7e]{1,255}$/;

/** What a webhook and the event bus are told: a CloudEvent (1.0). */
export const jobEndedEventSchema = z
  .object({
    specversion: z.literal('1.0'),
    id: z.uuid(),
    source: z.literal('/v1/jobs'),
    type: z.literal('kilat.job.ended'),
    subject: z.uuid(),
    /** an extension, for consumers of the bus: it carries all tenants */
    tenantid: z.string(),
    time: z.iso.datetime(),
    datacontenttype: z.literal('application/json'),
    data: jobSchema,
  })
  .meta({ id: 'JobEndedEvent' });
export type JobEndedEvent = z.infer<typeof jobEndedEventSchema>;

export const webhookSecretSchema = z
  .object({ secret: z.string().meta({ description: '`whsec_` and the key of the HMAC-SHA256, as base64' }) })
  .meta({ id: 'WebhookSecret' });

/** A job as the table keeps it: counts are added when it has ended, and come from its chunks until then. */
export const jobRecordSchema = z.object({
  job_id: z.uuid(),
  tenant_id: z.string(),
  user_id: z.string(),
  request_id: z.string(),
  state: z.enum(jobStates),
  model: modelNameSchema,
  top_k: z.int(),
  /** what its items are; absent: images */
  task: taskSchema.optional(),
  explain: z.boolean().optional(),
  input: z.enum(jobInputs),
  webhook_url: z.string().optional(),
  webhook_problem: itemProblemSchema.optional(),
  /** when its end was told; absent: not yet */
  notified_at: z.iso.datetime().optional(),
  total: count.optional(),
  chunks: count.optional(),
  succeeded: count.optional(),
  failed: count.optional(),
  segments: segmentCountsSchema.optional(),
  problem: itemProblemSchema.optional(),
  started_at: z.iso.datetime().optional(),
  finished_at: z.iso.datetime().optional(),
});
export type JobRecord = z.infer<typeof jobRecordSchema>;

/** What one chunk of a job came to. */
export const chunkRecordSchema = z.object({
  chunk: count,
  succeeded: count,
  failed: count,
  segments: segmentCountsSchema.optional(),
});
export type ChunkRecord = z.infer<typeof chunkRecordSchema>;

/** A use of an Idempotency-Key. */
export const idempotencyRecordSchema = z.object({
  owner: z.string(),
  key: z.string(),
  /** of the request's body */
  body_sha256: z.string(),
  job_id: z.uuid(),
  is_done: z.boolean(),
  /** epoch milliseconds until which whoever holds the key may take */
  locked_until: z.number(),
  /** epoch seconds */
  expires_at: z.number(),
});
export type IdempotencyRecord = z.infer<typeof idempotencyRecordSchema>;

/** One line of a job's plan: where an item's photo is, the item's row, or why it cannot be had. */
export const planLineSchema = z.object({
  input: z.string(),
  url: z.string().optional(),
  /** in the inbox bucket */
  key: z.string().optional(),
  /** in the work bucket */
  staged: z.string().optional(),
  /** a row of a table */
  instance: instanceSchema.optional(),
  /** a row of text, as CSV has it: the model's table tells its types */
  texts: z.record(z.string(), z.string()).optional(),
  problem: itemProblemSchema.optional(),
});
export type PlanLine = z.infer<typeof planLineSchema>;
