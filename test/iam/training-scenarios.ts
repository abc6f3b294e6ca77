import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Run, RunState } from '@kilat/contracts';
import { generateCustomers } from '../../models/churn/generate.ts';
import { clientConfig } from '../support/endpoint.ts';
import { eventually } from '../support/eventually.ts';
import { projectRoot } from '../support/shared-data.ts';
import { byNewTenant, get, inTurn, type Scenario, uploaded } from './scenario.ts';
import type { Tenant } from './tenant.ts';

/** Enough to learn from, as NDJSON. */
const customers = generateCustomers(400, 1)
  .map(({ row }) => JSON.stringify(row))
  .join('\n');
const UNKNOWN_RUN = '01a1fb54-b954-75f6-95d6-06407aadb0c9';

async function putInbox({ endpoints }: Parameters<Scenario>[0], Key: string, Body: string): Promise<void> {
  const s3 = new S3Client(clientConfig(endpoints.s3));
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const Bucket = Buckets.map(({ Name }) => Name!).find((name) => name.includes('inbox'))!;
  await s3.send(new PutObjectCommand({ Bucket, Key, Body })).finally(() => s3.destroy());
}

const train = async (tenant: Tenant, source?: string): Promise<Run> =>
  (await tenant.post('/v1/models/churn/train', source ? { source } : {}, { group: 'admin' })).body;

/** @returns the run, once it is in one of these states */
const untilRun = (tenant: Tenant, { run_id }: Run, states: readonly RunState[]): Promise<Run> =>
  eventually(async () => {
    const { body } = await tenant.call(`/v1/runs/${run_id}`);
    return states.includes(body.state) ? (body as Run) : undefined;
  }, 25_000);

const ends = ['succeeded', 'rejected', 'failed'] as const;

/** Trains on what lies in a folder of the inbox bucket. */
const trainOn =
  (folder: 'sources' | 'uploads' | 'inbox', content: string): Scenario =>
  async (cloud, tenant) => {
    const source = `${folder}/${tenant.id}/customers.ndjson`;
    await putInbox(cloud, source, content);
    return train(tenant, source);
  };

/** Ends at its validation. */
const trainOnNothing = trainOn('sources', '{"Churn":"No"}');
const rejected: Scenario = async (cloud, tenant) =>
  untilRun(tenant, (await trainOnNothing(cloud, tenant)) as Run, ends);
const succeeded: Scenario = async (cloud, tenant) =>
  untilRun(tenant, (await trainOn('sources', customers)(cloud, tenant)) as Run, ends);

const trainOnWhatIsNotThere: Scenario = (_, tenant) => train(tenant, `sources/${tenant.id}/nothing.csv`);
const trainOnTheLast: Scenario = (_, tenant) => train(tenant);
const trainTwice = inTurn(trainOnNothing, trainOnTheLast);

/** As the calendar does. */
const trainByTheCalendar: Scenario = async ({ endpoints }) => {
  const lambda = new LambdaClient(clientConfig(endpoints.lambda));
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const FunctionName = Functions.map((fn) => fn.FunctionName!).find((name) => name.includes('TrainingFunction'))!;
  const Payload = JSON.stringify({ schedule: 'training', model: 'churn' });
  await lambda.send(new InvokeCommand({ FunctionName, Payload })).finally(() => lambda.destroy());
};

/** Follows the link to a file of a run. */
const readReport: Scenario = async (cloud, tenant) => {
  const { run_id } = (await rejected(cloud, tenant)) as Run;
  const { body } = await tenant.call(`/v1/runs/${run_id}/artefacts/report.html`, { group: 'admin' });
  return fetch(body.url);
};

const ofChurn = (file: string): Promise<Buffer> => readFile(join(projectRoot, 'models/churn', file));

/** Registers the shipped model once more, and makes it the champion, from which training then starts. */
const registeredChampion: Scenario = async (_, tenant) => {
  const [weights, manifest, golden, explainer] = [
    await uploaded(tenant, await ofChurn('model.onnx'), 'application/octet-stream'),
    await uploaded(tenant, await ofChurn('model.json'), 'application/json'),
    await uploaded(tenant, await ofChurn('golden.json'), 'application/json'),
    await uploaded(tenant, await ofChurn('explainer.json'), 'application/json'),
  ];
  const files = { 'explainer.json': explainer };
  await tenant.post('/v1/models/churn/register', { weights, manifest, golden, files }, { group: 'admin' });
  await tenant.post('/v1/models/churn/promote', { version: '2' }, { group: 'admin', 'if-match': '"0"' });
};

/** By grant of the functions that train and tell of it, what needs it. */
export const trainingScenarios: Readonly<Record<string, Scenario>> = {
  'Train: dynamodb:GetItem on RegistryTable': byNewTenant(trainOnNothing),
  'Train: dynamodb:PutItem on RegistryTable': byNewTenant(succeeded),
  'Train: dynamodb:Query on RegistryTable': byNewTenant(succeeded),
  'Train: dynamodb:UpdateItem on RegistryTable': byNewTenant(succeeded),
  'Train: dynamodb:GetItem on RunsTable': byNewTenant(trainOnNothing),
  'Train: dynamodb:UpdateItem on RunsTable': byNewTenant(trainOnNothing),
  'Train: dynamodb:Query on RunsTable/index/by-model': byNewTenant(trainOnTheLast),
  'Train: s3:ListBucket on inboxbucket': byNewTenant(trainOnWhatIsNotThere),
  'Train: s3:ListBucket on modelsbucket': byNewTenant(trainOnNothing),
  'Train: s3:GetObject on modelsbucket/datasets/*': byNewTenant(trainOnNothing),
  'Train: s3:GetObject on modelsbucket/models/*': byNewTenant(inTurn(registeredChampion, trainOnNothing)),
  'Train: s3:GetObject on modelsbucket/runs/*': byNewTenant(succeeded),
  'Train: s3:PutObject on modelsbucket/datasets/*': byNewTenant(trainOnNothing),
  'Train: s3:PutObject on modelsbucket/models/*': byNewTenant(succeeded),
  'Train: s3:PutObject on modelsbucket/runs/*': byNewTenant(trainOnNothing),
  'Train: s3:GetObject on inboxbucket/inbox/*': byNewTenant(trainOn('inbox', '')),
  'Train: s3:GetObject on inboxbucket/sources/*': byNewTenant(trainOn('sources', '')),
  'Train: s3:GetObject on inboxbucket/uploads/*': byNewTenant(trainOn('uploads', '')),
  'Train: events:PutEvents on JobsEventsBus': byNewTenant(trainOnNothing),
  'Pipeline: lambda:InvokeFunction on TrainFunction': byNewTenant(trainOnNothing),
  'Training: dynamodb:GetItem on RegistryTable': byNewTenant(trainOnNothing),
  'Training: dynamodb:GetItem on RunsTable': byNewTenant(trainTwice),
  'Training: dynamodb:PutItem on RunsTable': byNewTenant(trainOnNothing),
  'Training: dynamodb:UpdateItem on RunsTable': byNewTenant(trainOnNothing),
  'Training: dynamodb:Query on RunsTable/index/by-model': byNewTenant(inTurn(rejected, trainByTheCalendar)),
  'Training: s3:ListBucket on modelsbucket': trainByTheCalendar,
  'Training: states:StartExecution on stateMachine:kilat-local-training-PipelineMachine': byNewTenant(trainOnNothing),
  'Training: dynamodb:GetItem on UsageTable': byNewTenant(trainOnNothing),
  'Training: dynamodb:UpdateItem on UsageTable': byNewTenant(trainOnNothing),
  'Runs: dynamodb:GetItem on RunsTable': get(`/v1/runs/${UNKNOWN_RUN}`),
  'Runs: dynamodb:Query on RunsTable': get('/v1/runs'),
  'Runs: dynamodb:Query on RunsTable/index/by-model': get('/v1/runs?model=churn'),
  'Runs: s3:GetObject on modelsbucket/runs/*': byNewTenant(readReport),
  'Runs: dynamodb:GetItem on UsageTable': byNewTenant(get('/v1/runs')),
  'Runs: dynamodb:UpdateItem on UsageTable': get('/v1/runs'),
};
