import { functionEnv, modelNameSchema, quotaSettingsSchema } from '@kilat/contracts';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';

const days = z.int().min(1).max(3650);

/** Owner and name, each with its id where the repository's tokens tell it: those made since July 2026 do. */
const repositoryPattern = /^([a-z\d][a-z\d-]{0,38}\/[\w.-]{1,100}|[a-z\d][a-z\d-]{0,38}@\d+\/[\w.-]{1,100}@\d+)$/i;

/** What lets workflows of GitHub Actions deploy a stage. */
const deliverySchema = z.strictObject({
  /** whose workflows may; as the repository's tokens spell it, which CONTRIBUTING.md tells how to learn */
  repository: z.string().regex(repositoryPattern, 'expected OWNER/NAME, or OWNER@ID/NAME@ID, without a wildcard'),
  /** An account has one provider of GitHub's identities: one of its stages creates it, the others find it there. */
  identityProvider: z.enum(['create', 'existing']),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** How a new version of a function takes over, and what makes it go back. */
const rolloutSchema = z.strictObject({
  /** as CodeDeploy names its configurations, without `CodeDeployDefault.Lambda` */
  strategy: z.enum([
    'AllAtOnce',
    'Canary10Percent5Minutes',
    'Canary10Percent10Minutes',
    'Canary10Percent15Minutes',
    'Canary10Percent30Minutes',
    'Linear10PercentEvery1Minute',
    'Linear10PercentEvery2Minutes',
    'Linear10PercentEvery3Minutes',
    'Linear10PercentEvery10Minutes',
  ]),
  /** percent of a minute's invocations that fail, or are throttled, at and above which the version goes back */
  maxFailurePercent: z.number().gt(0).max(100),
  /** milliseconds; a 99th percentile above it, two minutes running, sends the version back */
  maxLatencyP99Ms: z.int().min(1).max(29_000),
});

/** How models are trained anew. */
const trainingSchema = z.strictObject({
  /** as EventBridge Scheduler writes it, in UTC, such as `rate(7 days)`; absent: nobody trains by the calendar */
  schedule: z
    .string()
    .regex(/^(rate|cron)\(.+\)$/, 'expected rate(…) or cron(…)')
    .optional(),
  /** those that the calendar has trained, for each tenant that has trained them before */
  models: z.array(modelNameSchema),
  /** where candidates are trained: in the function that does the other steps too, or as jobs of SageMaker's */
  compute: z.enum(['lambda', 'sagemaker']),
  /** of a job of SageMaker's */
  instanceType: z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'expected a type such as ml.m5.2xlarge'),
  /** MiB of the function that does the steps; CPU grows with it, up to six cores */
  memoryMiB: z.int().min(1024).max(10_240),
});

/** What may differ between one installation and the next. Everything else is the same in all of them. */
const stageSchema = z.strictObject({
  /** part of every stack's name */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, 'expected lower-case letters, digits and hyphens, at most 20'),
  /** 12 digits; absent: whatever account the deployment's credentials belong to */
  account: z
    .string()
    .regex(/^\d{12}$/, 'expected 12 digits')
    .optional(),
  /** such as ap-southeast-1; absent: whatever region the deployment's credentials name */
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected the name of an AWS region, such as ap-southeast-1')
    .optional(),
  /** the model that answers where a request names none */
  defaultModel: modelNameSchema,
  /** MiB; CPU grows with it, one whole core at 1769 */
  inferenceMemoryMiB: z.int().min(512).max(10_240),
  /** seconds; the gateway gives up after 30 whatever is said here */
  inferenceTimeoutSeconds: z.int().min(3).max(29),
  /** x86_64, until onnxruntime's open report of a crash on Graviton Lambda is closed; arm64 costs a fifth less */
  inferenceArchitecture: z.enum(['x86_64', 'arm64']),
  /**
   * Predictions at a time: this many are set aside for the function, and it never gets more. Lambda refuses a number
   * that leaves the account's other functions fewer than 100. Absent: the function shares what the account has.
   */
  inferenceConcurrency: z.int().min(1).max(10_000).optional(),
  /** how a new version of the predict function takes over */
  rollout: rolloutSchema,
  training: trainingSchema,
  /** absent: the stage has no Delivery stack, and people alone deploy it */
  delivery: deliverySchema.optional(),
  /** seconds that the batch worker may take over ten messages; they come back after six times as long */
  batchTimeoutSeconds: z.int().min(30).max(900),
  /** batches that are worked on at a time; SQS and Lambda know no fewer than 2 */
  batchConcurrency: z.int().min(2).max(1000),
  logLevel: functionEnv.predict.shape.LOG_LEVEL,
  /** days; CloudWatch knows only certain numbers */
  logRetentionDays: z.enum(RetentionDays),
  /** days until a prediction leaves the history */
  historyRetentionDays: days,
  /** days that a job and its result are kept */
  jobRetentionDays: days,
  /** days until a photo is deleted */
  photoRetentionDays: days,
  /** true: photos, history and users outlive their stack and refuse deletion; false: they go with it */
  retainData: z.boolean(),
  /** true: whoever has an e-mail address may sign up, as a tenant of their own; false: an administrator makes each user */
  selfSignUp: z.boolean(),
  /** requests per second over all routes, on average */
  apiRateLimit: z.int().min(1).max(10_000),
  /** requests that may come at once before the rate limit bites */
  apiBurstLimit: z.int().min(1).max(5000),
  /** what the tenants of each plan may use, and the plan of those that were given none */
  quotas: quotaSettingsSchema,
  /** origins of the browser applications that may call the API; none: no browser may */
  corsOrigins: z.array(
    z.string().regex(/^https?:\/\/[^/*\s]+$/, 'expected an origin without a wildcard, such as https://example.com'),
  ),
  /** put on every resource that can carry them */
  tags: z.record(z.string().min(1).max(128), z.string().max(256)),
});
export type Stage = z.infer<typeof stageSchema>;

const plans = {
  free: {
    requestsPerMinutePerUser: 60,
    requestsPerMinutePerTenant: 300,
    predictionsPerDayPerUser: 1000,
    predictionsPerDayPerTenant: 5000,
  },
  pro: {
    requestsPerMinutePerUser: 600,
    requestsPerMinutePerTenant: 3000,
    predictionsPerDayPerUser: 100_000,
    predictionsPerDayPerTenant: 1_000_000,
  },
};

/** More than a machine can ask for: whoever tries things out, measures or tests is not held up. */
const ample = {
  requestsPerMinutePerUser: 1_000_000,
  requestsPerMinutePerTenant: 1_000_000,
  predictionsPerDayPerUser: 100_000_000,
  predictionsPerDayPerTenant: 100_000_000,
};

const common = {
  defaultModel: 'signs',
  inferenceMemoryMiB: 1769,
  inferenceTimeoutSeconds: 29,
  inferenceArchitecture: 'x86_64',
  rollout: { strategy: 'AllAtOnce', maxFailurePercent: 5, maxLatencyP99Ms: 5000 },
  batchTimeoutSeconds: 120,
  batchConcurrency: 4,
  training: {
    schedule: 'cron(0 3 ? * SUN *)',
    models: ['churn'],
    compute: 'lambda',
    instanceType: 'ml.m5.2xlarge',
    memoryMiB: 4096,
  },
  logLevel: 'INFO',
  logRetentionDays: RetentionDays.ONE_MONTH,
  historyRetentionDays: 90,
  photoRetentionDays: 90,
  jobRetentionDays: 30,
  retainData: false,
  selfSignUp: false,
  apiRateLimit: 50,
  apiBurstLimit: 100,
  quotas: { defaultPlan: 'free', plans },
  corsOrigins: [],
  tags: { project: 'kilat' },
} as const satisfies Partial<z.input<typeof stageSchema>>;

const settings = {
  local: {
    ...common,
    batchConcurrency: 2, // as many processes, each with its model
    logRetentionDays: RetentionDays.ONE_DAY,
    selfSignUp: true,
    apiRateLimit: 10_000,
    apiBurstLimit: 5000,
    quotas: { defaultPlan: 'ample', plans: { ample, ...plans } },
    corsOrigins: ['http://127.0.0.1:5173', 'http://localhost:5173'],
  },
  staging: { ...common, tags: { ...common.tags, stage: 'staging' } },
  production: {
    ...common,
    inferenceConcurrency: 50,
    rollout: { ...common.rollout, strategy: 'Canary10Percent5Minutes' as const },
    batchConcurrency: 20,
    logRetentionDays: RetentionDays.SIX_MONTHS,
    historyRetentionDays: 365,
    photoRetentionDays: 365,
    retainData: true,
    tags: { ...common.tags, stage: 'production' },
  },
};

export const stageNames = Object.keys(settings) as readonly (keyof typeof settings)[];

export class UnknownStageError extends Error {
  override readonly name = 'UnknownStageError';
  readonly stage: string;

  constructor(stage: string) {
    super(`stage '${stage}' is not known; expected one of ${stageNames.join(', ')}`);
    this.stage = stage;
  }
}

export class InvalidStageError extends Error {
  override readonly name = 'InvalidStageError';
  readonly stage: string;

  constructor(stage: string, cause: z.ZodError) {
    super(`stage '${stage}' has wrong settings: ${cause.issues.map(described).join('; ')}`, { cause });
    this.stage = stage;
  }
}

const described = ({ path, input, message }: z.core.$ZodIssue) =>
  `${path.join('.')} is ${JSON.stringify(input)}: ${message}`;

/** @throws {UnknownStageError} */
export function readStage(name: string): Stage {
  if (!Object.hasOwn(settings, name)) throw new UnknownStageError(name);
  return parseStage({ name, ...settings[name as keyof typeof settings] });
}

/** @throws {InvalidStageError} when a setting is missing, unknown, or outside what is allowed */
export function parseStage(input: z.input<typeof stageSchema>): Stage {
  const parsed = stageSchema.safeParse(input, { reportInput: true });
  if (!parsed.success) throw new InvalidStageError(input.name, parsed.error);
  return parsed.data;
}

/** The stage that was asked for: `cdk -c stage=NAME`, which the CDK's command line hands on as JSON, or KILAT_STAGE. */
export function chosenStage(env: NodeJS.ProcessEnv): string {
  const context = JSON.parse(env.CDK_CONTEXT_JSON ?? '{}') as { stage?: string };
  return context.stage ?? env.KILAT_STAGE ?? 'staging';
}
