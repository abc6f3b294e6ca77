import type { Stage } from '../stage.ts';
import { type PriceName, prices } from './prices.ts';
import type { TemplateFacts } from './template-facts.ts';

/** What predictions are like. */
export interface Workload {
  /** a month */
  readonly predictions: number;
  /** of the handler, warm, stores included */
  readonly millisecondsPerPrediction: number;
  readonly photoBytes: number;
  /** users that sign in within a month */
  readonly activeUsers: number;
}

/**
 * The duration is the README's measurement, which the stores of AWS may lengthen; photos as phones make them are sent
 * smaller than they are.
 */
export const usualWorkload: Workload = {
  predictions: 1_000_000,
  millisecondsPerPrediction: 13.62,
  photoBytes: 100_000,
  activeUsers: 1000,
};

export type CostSettings = Pick<
  Stage,
  'inferenceMemoryMiB' | 'inferenceArchitecture' | 'photoRetentionDays' | 'historyRetentionDays'
> & { readonly logRetentionDays: number };

export interface CostLine {
  readonly service: string;
  readonly price: PriceName;
  /** in units of the price, a month */
  readonly quantity: number;
  readonly usd: number;
  readonly usdAfterFreeTier: number;
}

export interface Costs {
  /** by the workload, once everything is as old as it may get */
  readonly workload: readonly CostLine[];
  /** while nobody calls */
  readonly idle: readonly CostLine[];
}

const BYTES_PER_GB = 1e9;
const DAYS_PER_MONTH = 30;
const SECONDS_PER_MONTH = DAYS_PER_MONTH * 86_400;

/** An item of the history with five labels, as the local cloud stores it. */
const HISTORY_ITEM_BYTES = 750;

/** The predict function's own lines, measured on the local cloud. */
const FUNCTION_LOG_BYTES = 1376;

/** Estimated: Lambda's START, END and REPORT, and the gateway's line, which exist on AWS alone. */
const PLATFORM_LOG_BYTES = 350 + 650;

/** Four of every operation, two of every model version: see `observe` of layers/lambda. */
const METRICS_OF_PREDICT = 4 + 2;

/** Estimated: what the gateway counts by route where detailed metrics are on. */
const METRICS_OF_ROUTE = 6;

/** Lambda asks a quiet queue with five pollers that wait 20 s each. */
const POLLS_PER_MONTH = (5 * SECONDS_PER_MONTH) / 20;

/** Estimated, compressed: Node's base image and 90 MB of ours, in two versions. */
const IMAGE_GB = 2 * 0.3;

/** What a stage costs in a month, at list prices of one region. */
export function costsOf(stage: CostSettings, facts: TemplateFacts, workload: Workload = usualWorkload): Costs {
  return {
    workload: [...requests(stage, workload), ...stores(stage, facts, workload), ...observation(stage, workload)],
    idle: [
      line('CloudWatch alarms', 'alarm', facts.alarms),
      line('CloudWatch dashboards', 'dashboard', facts.dashboards),
      line('SQS, asked by Lambda', 'sqsRequest', facts.queueMappings * POLLS_PER_MONTH),
      line('ECR, two images', 'imageStorage', IMAGE_GB),
    ],
  };
}

function requests(stage: CostSettings, { predictions, millisecondsPerPrediction, photoBytes }: Workload): CostLine[] {
  const seconds = Math.ceil(millisecondsPerPrediction) / 1000; // Lambda rounds up to the millisecond
  const gbSeconds = predictions * seconds * (stage.inferenceMemoryMiB / 1024);
  return [
    line('API Gateway', 'apiRequest', predictions * Math.ceil(photoBytes / (512 * 1024))),
    line('Lambda, requests', 'lambdaRequest', predictions),
    line('Lambda, duration', stage.inferenceArchitecture === 'arm64' ? 'lambdaArm' : 'lambdaX86', gbSeconds),
  ];
}

/** One write for the quota, one for the history and one for each of its indexes; a photo; a message. */
function stores(stage: CostSettings, { historyIndexes }: TemplateFacts, workload: Workload): CostLine[] {
  const { predictions, photoBytes, activeUsers } = workload;
  const itemGb = (predictions * HISTORY_ITEM_BYTES * keptMonths(stage.historyRetentionDays)) / BYTES_PER_GB;
  return [
    line('DynamoDB, writes', 'dynamoDbWrite', predictions * (2 + historyIndexes)),
    line('DynamoDB, history', 'dynamoDbStorage', itemGb * (1 + historyIndexes)),
    line('DynamoDB, recovery', 'dynamoDbRecovery', itemGb),
    line('S3, writes', 's3Put', predictions),
    line('S3, photos', 's3Storage', (predictions * photoBytes * keptMonths(stage.photoRetentionDays)) / BYTES_PER_GB),
    line('SQS', 'sqsRequest', predictions),
    line('Cognito', 'activeUser', activeUsers),
  ];
}

function observation(stage: CostSettings, { predictions }: Workload): CostLine[] {
  const logGb = (predictions * (FUNCTION_LOG_BYTES + PLATFORM_LOG_BYTES)) / BYTES_PER_GB;
  return [
    line('CloudWatch, logs written', 'logIngestion', logGb),
    line('CloudWatch, logs kept', 'logStorage', logGb * keptMonths(stage.logRetentionDays)),
    line('CloudWatch, metrics', 'metric', predictions > 0 ? METRICS_OF_PREDICT + METRICS_OF_ROUTE : 0),
    line('X-Ray', 'trace', tracesOf(predictions)),
  ];
}

/** At a steady pace, as much lies there as comes within the time that it is kept. */
const keptMonths = (days: number): number => days / DAYS_PER_MONTH;

/**
 * X-Ray's own sampling: the first request of every second, and a twentieth of the rest. At a steady pace of fewer than
 * one a second, that is all of them.
 */
export function tracesOf(predictions: number): number {
  const firsts = Math.min(predictions, SECONDS_PER_MONTH);
  return firsts + 0.05 * (predictions - firsts);
}

function line(service: string, price: PriceName, quantity: number): CostLine {
  const { usd, per, free } = prices[price];
  const costOf = (units: number): number => (units * usd) / per;
  return { service, price, quantity, usd: costOf(quantity), usdAfterFreeTier: costOf(Math.max(0, quantity - free)) };
}
