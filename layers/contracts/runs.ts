import * as z from 'zod';
import { limits } from './limits.ts';
import { modelNameSchema, modelVersionSchema } from './prediction.ts';
import type { ProblemCode } from './problem.ts';
import { metricsSchema } from './registry.ts';

/** The steps of a training run, in their order: the states of the state machine. */
export const trainingSteps = ['snapshot', 'validate', 'train', 'evaluate', 'register', 'promote', 'notify'] as const;
export type TrainingStep = (typeof trainingSteps)[number];

export const runStates = ['queued', 'running', 'succeeded', 'rejected', 'failed', 'cancelled'] as const;
export type RunState = (typeof runStates)[number];

/** What started a run. */
export const trainingTriggers = ['schedule', 'request', 'feedback', 'drift'] as const;

export const trainRequestSchema = z
  .strictObject({
    source: z.string().max(1024).optional().meta({
      description:
        'key in the inbox bucket of a CSV, NDJSON or Parquet file under `sources/<tenant>/`; absent: the data of the last run, and feedback',
    }),
    promotion: z.enum(['auto', 'manual']).default('auto').meta({
      description: '`auto`: better than the champion by more than noise serves at once; else it becomes challenger',
    }),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(1),
  })
  .meta({ id: 'TrainRequest' });
export type TrainRequest = z.infer<typeof trainRequestSchema>;

/** One check of the data. */
export const expectationSchema = z
  .object({
    name: z.string(),
    column: z.string().optional(),
    passed: z.boolean(),
    severity: z.enum(['error', 'warning']),
    detail: z.string(),
  })
  .meta({ id: 'Expectation' });
export type Expectation = z.infer<typeof expectationSchema>;

export const candidateSchema = z
  .object({
    name: z.string(),
    parameters: z.record(z.string(), z.unknown()),
    metrics: metricsSchema,
    chosen: z.boolean(),
  })
  .meta({ id: 'Candidate' });
export type Candidate = z.infer<typeof candidateSchema>;

export const runSchema = z
  .object({
    run_id: z.uuid(),
    model: modelNameSchema,
    state: z
      .enum(runStates)
      .meta({ description: '`rejected`: the data did not pass validation, and nothing was touched' }),
    step: z.enum(trainingSteps).optional().meta({ description: 'the step it is in, or ended in' }),
    trigger: z.enum(trainingTriggers),
    seed: z.int(),
    user_id: z.string(),
    dataset_sha256: z.string().optional(),
    dataset_rows: z.int().optional(),
    expectations: z.array(expectationSchema).optional(),
    candidates: z.array(candidateSchema).optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    metrics: metricsSchema.optional().meta({ description: 'of the chosen candidate, on held-out rows' }),
    estimate: metricsSchema
      .optional()
      .meta({ description: 'what the whole procedure is worth, choice included: nested cross-validation' }),
    champion_metrics: metricsSchema.optional().meta({ description: 'of the champion, on the same rows' }),
    version: modelVersionSchema.optional().meta({ description: 'as which it was registered' }),
    decision: z.object({ alias: z.enum(['champion', 'challenger', 'none']), reason: z.string() }).optional(),
    problem: z.object({ code: z.string(), detail: z.string() }).optional(),
    artefacts: z
      .array(z.string())
      .default([])
      .meta({ description: 'names for GET /v1/runs/{run_id}/artefacts/{name}' }),
    created_at: z.iso.datetime(),
    finished_at: z.iso.datetime().optional(),
  })
  .meta({ id: 'Run' });
export type Run = z.infer<typeof runSchema>;

export const runsQuerySchema = z.object({
  model: modelNameSchema.optional(),
  limit: z.coerce.number().int().min(1).max(limits.maxPageSize).default(limits.defaultPageSize),
  next_cursor: z.string().min(1).max(512).optional().meta({ description: 'as the page before handed it out' }),
});

export type RunsQuery = z.infer<typeof runsQuerySchema>;

export const runPageSchema = z
  .object({ items: z.array(runSchema), next_cursor: z.string().optional() })
  .meta({ id: 'RunPage' });
export type RunPage = z.infer<typeof runPageSchema>;

export const runPathSchema = z.object({ run_id: z.uuid() });
export const artefactPathSchema = runPathSchema.extend({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'expected the name of an artefact, such as roc.svg'),
});
export const artefactSchema = z.object({ url: z.url(), url_expires_at: z.iso.datetime() }).meta({ id: 'Artefact' });
export type Artefact = z.infer<typeof artefactSchema>;

/** What the state machine is started with; every step's input holds it. */
export const trainingInputSchema = z.object({
  tenant_id: z.string().min(1),
  user_id: z.string().min(1),
  model: modelNameSchema,
  run_id: z.uuid(),
  trigger: z.enum(trainingTriggers),
  seed: z.int(),
  source: z.string().optional(),
  promotion: z.enum(['auto', 'manual']),
});
export type TrainingInput = z.infer<typeof trainingInputSchema>;

/** Where a run's files lie in the models bucket. */
export const runFolderKey = (tenantId: string, model: string, runId: string): string =>
  `runs/${tenantId}/${model}/${runId}/`;
/** A dataset's files, named by the hash of their canonical rows. */
export const snapshotFolderKey = (tenantId: string, model: string, sha256: string): string =>
  `datasets/${tenantId}/${model}/${sha256}/`;

/** What one step hands to the next beside the input: keys and names, never rows. */
export const snapshotOutputSchema = z.object({
  dataset_sha256: z.string(),
  /** the champion at this moment: what is compared, and moved, refers to it */
  parent_version: modelVersionSchema,
});
export type SnapshotOutput = z.infer<typeof snapshotOutputSchema>;

/** A candidate as it is handed from step to step. */
export const candidateSpecSchema = z.object({
  index: z.int().min(0),
  name: z.string(),
  parameters: z.record(z.string(), z.unknown()),
});

export const validationOutputSchema = z.object({ valid: z.boolean(), candidates: z.array(candidateSpecSchema) });
export type ValidationOutput = z.infer<typeof validationOutputSchema>;

const known = { run: trainingInputSchema, snapshot: snapshotOutputSchema };

/** What a step of the state machine asks the training function to do. */
export const trainingTaskSchema = z.discriminatedUnion('operation', [
  z.object({ operation: z.literal('snapshot'), run: trainingInputSchema }),
  z.object({ operation: z.literal('validate'), ...known }),
  z.object({ operation: z.literal('train'), ...known, candidate: candidateSpecSchema }),
  z.object({ operation: z.literal('evaluate'), ...known, validation: validationOutputSchema }),
  z.object({ operation: z.literal('register'), ...known }),
  z.object({ operation: z.literal('promote'), ...known }),
  z.object({ operation: z.literal('notify'), ...known, validation: validationOutputSchema }),
  z.object({
    operation: z.literal('fail'),
    run: trainingInputSchema,
    /** as a `Catch` of the States Language hands it on */
    error: z.object({ Error: z.string().default('Unknown'), Cause: z.string().default('') }),
  }),
]);
export type TrainingTask = z.infer<typeof trainingTaskSchema>;

/** What the event bus is told when a run has ended: a CloudEvent (1.0). */
export const trainingEndedEventSchema = z
  .object({
    specversion: z.literal('1.0'),
    id: z.uuid(),
    source: z.literal('/v1/runs'),
    type: z.literal('kilat.training.ended'),
    subject: z.uuid(),
    /** an extension, for consumers of the bus: it carries all tenants */
    tenantid: z.string(),
    time: z.iso.datetime(),
    datacontenttype: z.literal('application/json'),
    data: runSchema.omit({ expectations: true, candidates: true, parameters: true }),
  })
  .meta({ id: 'TrainingEndedEvent' });
export type TrainingEndedEvent = z.infer<typeof trainingEndedEventSchema>;

/** Refusals of a step that come again however often it is tried: under these names the state machine sees them. */
export const lastingRefusals = [
  'source-not-found',
  'not-trainable',
  'model-not-found',
  'forbidden',
] as const satisfies ProblemCode[];

/** What starts the training of a model by the calendar: of every tenant that has trained it before. */
export const trainingScheduleSchema = z.object({ schedule: z.literal('training'), model: modelNameSchema });
