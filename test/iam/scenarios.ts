import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { ShadowMessage } from '@kilat/contracts';
import { assertDeployable } from '../../local/template/deployment-checks.ts';
import { clientConfig } from '../support/endpoint.ts';
import { eventually } from '../support/eventually.ts';
import { aRecord } from '../support/prediction.ts';
import { projectRoot } from '../support/shared-data.ts';
import { byNewTenant, get, inTurn, type Scenario, uploaded } from './scenario.ts';
import { trainingScenarios } from './training-scenarios.ts';

const photo = await readFile(join(projectRoot, 'models/signs/examples/three.jpg'));
const inline = { items: [{ image_base64: photo.toString('base64') }] };

const predict: Scenario = (_, tenant) =>
  tenant.call('/v1/predict?model=signs', { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body: photo });

const { instances } = JSON.parse(await readFile(join(projectRoot, 'models/churn/examples/request.json'), 'utf8'));

const predictRows: Scenario = (_, tenant) => tenant.post('/v1/predict?model=churn', { instances });

const submitRows: Scenario = (_, tenant) => tenant.post('/v1/jobs/predict', { model: 'churn', items: instances });

const ready: Scenario = ({ apiUrl }) => fetch(`${apiUrl}/health/ready`);

const submit: Scenario = (_, tenant) => tenant.post('/v1/jobs/predict', inline);

const submitOnce: Scenario = (_, tenant) =>
  tenant.post('/v1/jobs/predict', inline, { 'idempotency-key': crypto.randomUUID() });

const submitWithWebhook: Scenario = (_, tenant) =>
  tenant.post('/v1/jobs/predict', { ...inline, webhook_url: 'http://localhost:9/hook' });

const submitFolder: Scenario = (_, tenant) =>
  tenant.post('/v1/jobs/predict', { source: { prefix: `sources/${tenant.id}/` } });

const submitManifest: Scenario = (_, tenant) =>
  tenant.post('/v1/jobs/predict', { manifest: `sources/${tenant.id}/all.csv` });

/** Shows a job again and again while it goes on. */
const watch: Scenario = async (_, tenant) => {
  const { body } = await tenant.post('/v1/jobs/predict', inline);
  await eventually(async () => {
    const { status, body: job } = await tenant.call(`/v1/jobs/${body.job_id}`);
    return status === 500 || job.state === 'succeeded' || undefined;
  });
  return body.job_id;
};

const result: Scenario = async (cloud, tenant) => tenant.call(`/v1/jobs/${await watch(cloud, tenant)}/result`);

const upload: Scenario = (_, tenant) => uploaded(tenant, photo, 'image/jpeg');

const ofSigns = (file: string): Promise<Buffer> => readFile(join(projectRoot, 'models/signs', file));

/** Registers the shipped model once more. */
const register: Scenario = async (_, tenant) => {
  const weights = await uploaded(tenant, await ofSigns('model.onnx'), 'application/octet-stream');
  const manifest = await uploaded(tenant, await ofSigns('model.json'), 'application/json');
  const golden = await uploaded(tenant, await ofSigns('golden.json'), 'application/json');
  return tenant.post('/v1/models/signs/register', { weights, manifest, golden }, { group: 'admin' });
};

/** Names files that were never uploaded. */
const registerNothing: Scenario = (_, tenant) => {
  const key = `uploads/${tenant.id}/nobody/none`;
  return tenant.post('/v1/models/signs/register', { weights: key, manifest: key, golden: key }, { group: 'admin' });
};

const promote =
  (version: string, alias: 'champion' | 'shadow' = 'champion'): Scenario =>
  (_, tenant) =>
    tenant.post('/v1/models/signs/promote', { version, alias }, { group: 'admin', 'if-match': '"0"' });

const predictByChampion = byNewTenant(inTurn(register, promote('2'), predict));
const predictWithShadow = byNewTenant(inTurn(promote('1', 'shadow'), predict));
const submitByChampion = byNewTenant(inTurn(register, promote('2'), submit));

/** Has a shadow asked to look at a photo that is no more. */
const shadowOfNothing: Scenario = async ({ endpoints }, { id }) => {
  const sqs = new SQSClient(clientConfig(endpoints.sqs));
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const QueueUrl = QueueUrls.find((url) => /batchesqueue/i.test(url))!;
  const answered = [aRecord({ model: 'signs' })];
  const message: ShadowMessage = { tenant_id: id, shadow_version: '1', photo_key: `${id}/none.jpeg`, answered };
  await sqs
    .send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }))
    .finally(() => sqs.destroy());
};

const drop =
  (body: Uint8Array | string): Scenario =>
  async ({ endpoints }, { id }) => {
    const s3 = new S3Client(clientConfig(endpoints.s3));
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const Bucket = Buckets.map(({ Name }) => Name!).find((name) => name.includes('inbox'))!;
    const Key = `inbox/${id}/signs/${crypto.randomUUID()}.jpg`;
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: body })).finally(() => s3.destroy());
  };

const dropPhoto = drop(photo);
const dropText = drop('not a photo');

const signIn: Scenario = (_, tenant) => tenant.signIn();

/** What CloudFormation has AWS check. */
const deploy: Scenario = async ({ declarations, iam }) => assertDeployable(declarations, iam);

/** By grant, what needs it. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'Predict: s3:PutObject on photosbucket/*': predict,
  'Predict: s3:ListBucket on photosbucket': ready,
  'Predict: dynamodb:GetItem on HistoryTable': ready,
  'Predict: dynamodb:PutItem on HistoryTable': predict,
  'Predict: dynamodb:BatchWriteItem on HistoryTable': predictRows,
  'Predict: sqs:GetQueueAttributes on CapturesQueue': ready,
  'Predict: sqs:SendMessage on CapturesQueue': predict,
  'Predict: sqs:SendMessage on BatchesQueue': predictWithShadow,
  'Predict: dynamodb:GetItem on RegistryTable': byNewTenant(predict),
  'Predict: s3:GetObject on modelsbucket/models/*': predictByChampion,
  'Predict: dynamodb:GetItem on UsageTable': byNewTenant(predict),
  'Predict: dynamodb:UpdateItem on UsageTable': predict,

  'Jobs: dynamodb:DeleteItem on JobsTable': submit,
  'Jobs: dynamodb:GetItem on JobsTable': get('/v1/jobs/01a1fb54-b954-75f6-95d6-06407aadb0c9'),
  'Jobs: dynamodb:PutItem on JobsTable': submit,
  'Jobs: dynamodb:Query on JobsTable': watch,
  'Jobs: dynamodb:UpdateItem on JobsTable': submitOnce,
  'Jobs: dynamodb:Query on JobsTable/index/by-owner': get('/v1/jobs'),
  'Jobs: dynamodb:Query on JobsTable/index/by-tenant': get('/v1/jobs', 'admin'),
  'Jobs: dynamodb:GetItem on RegistryTable': submit,
  'Jobs: s3:GetObject on workbucket/*': result,
  'Jobs: s3:PutObject on workbucket/*': submit,
  'Jobs: s3:PutObject on inboxbucket/uploads/*': upload,
  'Jobs: sqs:SendMessage on ControlQueue': submit,
  'Jobs: dynamodb:GetItem on UsageTable': byNewTenant(submit),
  'Jobs: dynamodb:UpdateItem on UsageTable': submit,

  'JobControl: dynamodb:GetItem on JobsTable': submit,
  'JobControl: dynamodb:PutItem on JobsTable': byNewTenant(submitWithWebhook),
  'JobControl: dynamodb:Query on JobsTable': submit,
  'JobControl: dynamodb:UpdateItem on JobsTable': submit,
  'JobControl: s3:GetObject on workbucket/*': submit,
  'JobControl: s3:PutObject on workbucket/*': submit,
  'JobControl: s3:ListBucket on inboxbucket': submitFolder,
  'JobControl: s3:ListBucket on workbucket': submit,
  'JobControl: s3:GetObject on inboxbucket/*': submitManifest,
  'JobControl: sqs:SendMessage on ControlQueue': submitFolder,
  'JobControl: sqs:SendMessage on BatchesQueue': submit,
  'JobControl: events:PutEvents on JobsEventsBus': submit,
  'JobControl: dynamodb:GetItem on UsageTable': byNewTenant(submit),
  'JobControl: dynamodb:UpdateItem on UsageTable': submit,
  'JobControl: sqs:DeleteMessage on ControlQueue': submit,
  'JobControl: sqs:GetQueueAttributes on ControlQueue': deploy,
  'JobControl: sqs:ReceiveMessage on ControlQueue': submit,

  'Batch: s3:PutObject on inboxbucket/rejected/*': dropText,
  'Batch: s3:PutObject on inboxbucket/results/*': dropPhoto,
  'Batch: s3:PutObject on photosbucket/*': submit,
  'Batch: s3:GetObject on photosbucket/*': predictWithShadow,
  'Batch: s3:ListBucket on photosbucket': shadowOfNothing,
  'Batch: dynamodb:GetItem on RegistryTable': byNewTenant(submit),
  'Batch: s3:GetObject on modelsbucket/models/*': submitByChampion,
  'Batch: dynamodb:PutItem on HistoryTable': submit,
  'Batch: dynamodb:BatchWriteItem on HistoryTable': submitRows,
  'Batch: sqs:SendMessage on ControlQueue': submit,
  'Batch: sqs:SendMessage on CapturesQueue': submit,
  'Batch: dynamodb:GetItem on JobsTable': submit,
  'Batch: dynamodb:PutItem on JobsTable': submit,
  'Batch: dynamodb:UpdateItem on JobsTable': submit,
  'Batch: s3:GetObject on workbucket/*': submit,
  'Batch: s3:PutObject on workbucket/*': submit,
  'Batch: s3:ListBucket on inboxbucket': dropPhoto,
  'Batch: s3:GetObject on inboxbucket/*': dropPhoto,
  'Batch: s3:DeleteObjectVersion on inboxbucket/inbox/*': dropText,
  'Batch: s3:GetObjectVersion on inboxbucket/inbox/*': dropPhoto,
  'Batch: dynamodb:GetItem on UsageTable': byNewTenant(dropPhoto),
  'Batch: dynamodb:UpdateItem on UsageTable': dropPhoto,
  'Batch: sqs:DeleteMessage on BatchesQueue': dropPhoto,
  'Batch: sqs:GetQueueAttributes on BatchesQueue': deploy,
  'Batch: sqs:ReceiveMessage on BatchesQueue': dropPhoto,

  'History: dynamodb:GetItem on HistoryTable': get('/v1/history/01a1fb54-b954-75f6-95d6-06407aadb0c9'),
  'History: dynamodb:Query on HistoryTable': get('/v1/history'),
  'History: dynamodb:Query on HistoryTable/index/by-tenant': get('/v1/history', 'admin'),
  'History: dynamodb:GetItem on UsageTable': byNewTenant(get('/v1/history')),
  'History: dynamodb:UpdateItem on UsageTable': get('/v1/history'),
  'Models: dynamodb:GetItem on UsageTable': byNewTenant(get('/v1/models/current')),
  'Models: dynamodb:UpdateItem on UsageTable': get('/v1/models/current'),
  'Models: dynamodb:GetItem on RegistryTable': get('/v1/models/current'),
  'Models: dynamodb:Query on RegistryTable': get('/v1/models/versions'),
  'Models: dynamodb:PutItem on RegistryTable': byNewTenant(promote('1', 'shadow')),
  'Models: dynamodb:UpdateItem on RegistryTable': register,
  'Models: s3:GetObject on modelsbucket/models/*': byNewTenant(inTurn(register, get('/v1/models/signs/versions/2'))),
  'Models: s3:PutObject on modelsbucket/models/*': register,
  'Models: s3:ListBucket on inboxbucket': registerNothing,
  'Models: s3:GetObject on inboxbucket/uploads/*': register,
  'Models: s3:GetObjectVersion on inboxbucket/uploads/*': register,
  'Models: lambda:InvokeFunction on VerifyFunction': register,
  'Usage: dynamodb:GetItem on UsageTable': byNewTenant(get('/v1/usage', 'admin')),
  'Usage: dynamodb:Query on UsageTable': get('/v1/usage', 'admin'),
  'Usage: dynamodb:UpdateItem on UsageTable': get('/v1/usage', 'admin'),

  ...trainingScenarios,
  's3.amazonaws.com: sqs:SendMessage on BatchesQueue for inboxbucket': dropPhoto,
  'cognito-idp.amazonaws.com: lambda:InvokeFunction on PreTokenFunction for the user pool': signIn,
};

/** What must fail first, for these to be needed: nothing is taken back, and nothing goes on for long, where all is well. */
export const together: Readonly<Record<string, string>> = {
  'Training: dynamodb:UpdateItem on RunsTable':
    'Training: states:StartExecution on stateMachine:kilat-local-training-PipelineMachine',
  'Jobs: dynamodb:DeleteItem on JobsTable': 'Jobs: sqs:SendMessage on ControlQueue',
  'Jobs: dynamodb:Query on JobsTable': 'JobControl: sqs:SendMessage on BatchesQueue',
};
