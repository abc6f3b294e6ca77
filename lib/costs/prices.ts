/** How a price came to stand here. */
type Evidence =
  /** AWS's own page, as it is stored publicly */
  | 'aws'
  /** somebody who quotes AWS's page */
  | 'quoted'
  /** known, and found on no page that could be read: AWS's price pages fill their tables in with scripts */
  | 'unverified';

export interface Price {
  readonly usd: number;
  /** how many units cost that much */
  readonly per: number;
  readonly unit: string;
  /** units a month that cost nothing, for as long as the account lives; offers to new accounts are left out */
  readonly free: number;
  readonly evidence: Evidence;
  readonly source: string;
}

/** When the sources were read, and the region that they are for: others cost up to a third more. */
export const priceDate = '2026-11-21';
export const priceRegion = 'us-east-1';

const MILLION = 1_000_000;

/** List prices in US dollars, first tier, without taxes. */
export const prices = {
  apiRequest: {
    usd: 1,
    per: MILLION,
    unit: 'requests of 512 KB',
    free: 0,
    evidence: 'quoted',
    source: 'https://www.apigatewaycost.com/aws',
  },
  lambdaRequest: {
    usd: 0.2,
    per: MILLION,
    unit: 'requests',
    free: MILLION,
    evidence: 'quoted',
    source: 'https://appropri8-astro.pages.dev/tutorials/2025/12/02/deploying-simple-api-aws/page/7',
  },
  lambdaX86: {
    usd: 0.0000166667,
    per: 1,
    unit: 'GB-seconds',
    free: 400_000,
    evidence: 'quoted',
    source: 'https://cloudchipr.com/blog/aws-lambda-pricing',
  },
  lambdaArm: {
    usd: 0.0000133334,
    per: 1,
    unit: 'GB-seconds',
    free: 400_000,
    evidence: 'quoted',
    source: 'https://cloudchipr.com/blog/aws-lambda-pricing',
  },
  dynamoDbWrite: {
    usd: 0.625,
    per: MILLION,
    unit: 'write units',
    free: 0,
    evidence: 'quoted',
    source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  },
  dynamoDbStorage: {
    usd: 0.25,
    per: 1,
    unit: 'GB-months',
    free: 25,
    evidence: 'aws',
    source: 'https://aws.amazon.com/dynamodb/pricing/',
  },
  dynamoDbRecovery: {
    usd: 0.2,
    per: 1,
    unit: 'GB-months',
    free: 0,
    evidence: 'quoted',
    source: 'https://finops.com.py/services/dynamodb/backups',
  },
  s3Put: {
    usd: 0.005,
    per: 1000,
    unit: 'PUTs',
    free: 0,
    evidence: 'quoted',
    source:
      'https://www.cloudkaramchari.com/blog/understanding-per-1000-put-copy-post-or-list-requests-in-amazon-s3-pricing/',
  },
  s3Storage: {
    usd: 0.023,
    per: 1,
    unit: 'GB-months',
    free: 0,
    evidence: 'unverified',
    source: 'https://aws.amazon.com/s3/pricing/',
  },
  sqsRequest: {
    usd: 0.4,
    per: MILLION,
    unit: 'requests of 64 KB',
    free: MILLION,
    evidence: 'quoted',
    source: 'https://cloudburn.io/blog/amazon-sqs-pricing',
  },
  logIngestion: {
    usd: 0.5,
    per: 1,
    unit: 'GB',
    free: 5,
    evidence: 'quoted',
    source: 'https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/',
  },
  logStorage: {
    usd: 0.03,
    per: 1,
    unit: 'GB-months',
    free: 5,
    evidence: 'unverified',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  metric: {
    usd: 0.3,
    per: 1,
    unit: 'metrics',
    free: 10,
    evidence: 'quoted',
    source: 'https://signoz.io/guides/cloudwatch-pricing',
  },
  alarm: {
    usd: 0.1,
    per: 1,
    unit: 'alarms',
    free: 10,
    evidence: 'unverified',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  dashboard: {
    usd: 3,
    per: 1,
    unit: 'dashboards',
    free: 3,
    evidence: 'quoted',
    source: 'https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/',
  },
  trace: {
    usd: 5,
    per: MILLION,
    unit: 'traces',
    free: 100_000,
    evidence: 'aws',
    source: 'https://aws.amazon.com/de/xray/pricing/',
  },
  activeUser: {
    usd: 0.015,
    per: 1,
    unit: 'users',
    free: 10_000,
    evidence: 'unverified',
    source: 'https://aws.amazon.com/cognito/pricing/',
  },
  imageStorage: {
    usd: 0.1,
    per: 1,
    unit: 'GB-months',
    free: 0,
    evidence: 'quoted',
    source: 'https://cloudburn.io/blog/amazon-ecr-pricing',
  },
} as const satisfies Record<string, Price>;
export type PriceName = keyof typeof prices;
