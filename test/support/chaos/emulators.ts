import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { historyTable, jobsTable, registryTable, usageTable } from '@kilat/contracts';
import { readStage } from '../../../lib/stage.ts';
import { startDynamoDb } from '../../../local/dynamodb/index.ts';
import { startEventBridge } from '../../../local/eventbridge/index.ts';
import { startS3 } from '../../../local/s3/index.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../../../local/service.ts';
import { startSqs } from '../../../local/sqs/index.ts';
import { clientConfig } from '../endpoint.ts';
import { projectRoot } from '../shared-data.ts';
import { type FaultRates, faultProxy } from './fault-proxy.ts';

/** Seconds after which a message that nobody deleted comes back. */
const VISIBILITY_SECONDS = 2;

/** Stores with nothing between them and the test, and the environment in which functions reach them through faults. */
export async function startEmulators(rates: FaultRates) {
  const dir = await mkdtemp(join(tmpdir(), 'kilat-chaos-'));
  const services = await Promise.all([
    startS3({ dir: join(dir, 's3') }),
    startSqs({ dir }),
    startDynamoDb(),
    startEventBridge({ onEvent: async () => {}, onFault: console.error }),
  ]);
  const [s3, sqs, dynamodb] = services;
  const proxies = await Promise.all(services.map(({ url }) => faultProxy(url, rates)));
  const clients = {
    s3: new S3Client(clientConfig(s3.url)),
    sqs: new SQSClient(clientConfig(sqs.url)),
    dynamodb: new DynamoDBClient(clientConfig(dynamodb.url)),
  };
  await Promise.all(
    ['work', 'inbox', 'photos', 'models'].map((name) =>
      clients.s3.send(new CreateBucketCommand({ Bucket: `${name}-bucket` })),
    ),
  );
  await createTable(clients.dynamodb, 'history', historyTable, [historyTable.byTenant]);
  await createTable(clients.dynamodb, 'jobs-table', jobsTable, [jobsTable.byOwner, jobsTable.byTenant]);
  await createTable(clients.dynamodb, 'usage-table', usageTable);
  await createTable(clients.dynamodb, 'registry-table', registryTable);
  const queues = await Promise.all(['control', 'batches', 'captures'].map((name) => createQueue(clients.sqs, name)));
  const env = environment(
    proxies.map(({ url }) => url),
    queues,
  );
  return {
    ...clients,
    env: { ...env, PLAIN_SQS: sqs.url },
    queues: { control: queues[0]!, batches: queues[1]!, captures: queues[2]! },
    faults: () => proxies.reduce((sum, proxy) => sum + proxy.faults(), 0),
    async close() {
      for (const client of Object.values(clients)) client.destroy();
      await Promise.all([...proxies, ...services].map((service) => service.close()));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

interface Keys {
  readonly partitionKey: string;
  readonly sortKey: string;
}

async function createTable(
  client: DynamoDBClient,
  TableName: string,
  keys: Keys,
  indexes: readonly (Keys & { readonly indexName: string })[] = [],
): Promise<void> {
  const names = new Set([keys, ...indexes].flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]));
  await client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: schemaOf(keys),
      AttributeDefinitions: [...names].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      ...(indexes.length > 0 && {
        GlobalSecondaryIndexes: indexes.map((index) => ({
          IndexName: index.indexName,
          KeySchema: schemaOf(index),
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
}

const schemaOf = ({ partitionKey, sortKey }: Keys): KeySchemaElement[] => [
  { AttributeName: partitionKey, KeyType: 'HASH' },
  { AttributeName: sortKey, KeyType: 'RANGE' },
];

async function createQueue(client: SQSClient, QueueName: string): Promise<string> {
  const Attributes = { VisibilityTimeout: String(VISIBILITY_SECONDS) };
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl!;
}

/** What the template would tell the functions, and Lambda itself. */
function environment([s3, sqs, dynamodb, eventbridge]: string[], queues: string[]): Record<string, string> {
  const [control, batches, captures] = queues.map((url) => new URL(new URL(url).pathname, sqs).href);
  return {
    STAGE: 'local',
    LOG_LEVEL: 'ERROR',
    POWERTOOLS_LOG_LEVEL: 'SILENT', // that stores fail is what is wanted
    POWERTOOLS_METRICS_DISABLED: 'true',
    LAMBDA_TASK_ROOT: projectRoot,
    ORT_DISABLE_TELEMETRY: '1',
    HISTORY_RETENTION_DAYS: '1',
    HISTORY_TABLE: 'history',
    JOBS_TABLE: 'jobs-table',
    USAGE_TABLE: 'usage-table',
    REGISTRY_TABLE: 'registry-table',
    QUOTAS: JSON.stringify(readStage('local').quotas),
    WORK_BUCKET: 'work-bucket',
    INBOX_BUCKET: 'inbox-bucket',
    PHOTOS_BUCKET: 'photos-bucket',
    MODELS_BUCKET: 'models-bucket',
    CONTROL_QUEUE_URL: control!,
    BATCH_QUEUE_URL: batches!,
    CAPTURE_QUEUE_URL: captures!,
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3!,
    AWS_ENDPOINT_URL_SQS: sqs!,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb!,
    AWS_ENDPOINT_URL_EVENTBRIDGE: eventbridge!,
    EVENT_BUS: 'default',
  };
}
