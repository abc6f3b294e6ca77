import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudWatchClient, GetMetricStatisticsCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { captureMessageSchema, METRIC_NAMESPACE, type PredictionCaptured } from '@kilat/contracts';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { call, endpoint, example, predictBytes, tokenOfNewUser } from '../support/api.ts';

const { dataDir } = inject('cloud');
const s3 = new S3Client(endpoint('s3'));
const sqs = new SQSClient(endpoint('sqs'));
const cloudWatch = new CloudWatchClient(endpoint('cloudwatch'));

const tenant = `s-${crypto.randomUUID().slice(0, 8)}`;
let token: string;
let photo: Buffer;
let predictionId: string;

beforeAll(async () => {
  [{ access: token }, photo] = await Promise.all([tokenOfNewUser(tenant), example('seven.jpg')]);
  const { body } = await predictBytes(token, new Uint8Array(photo), '?model=signs', {
    'x-request-id': 'storage-request',
  });
  predictionId = body.prediction_id;
});

/** Every object of the tenant, in whichever bucket. */
async function tenantObjects(): Promise<{ bucket: string; key: string }[]> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const lists = await Promise.all(
    Buckets.map(async ({ Name: bucket }) => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${tenant}/` }));
      return Contents.map(({ Key }) => ({ bucket: bucket!, key: Key! }));
    }),
  );
  return lists.flat();
}

/** Reads the capture queue until the prediction's message comes. */
async function capturedMessage(): Promise<PredictionCaptured | undefined> {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  for (const QueueUrl of QueueUrls) {
    for (;;) {
      const input = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(input));
      const captured = Messages.flatMap(
        ({ Body }) => captureMessageSchema.safeParse(JSON.parse(Body!)).data?.predictions ?? [],
      );
      const found = captured.find(({ prediction_id }) => prediction_id === predictionId);
      if (found) return found;
      if (Messages.length === 0) break;
    }
  }
  return undefined;
}

describe('a prediction', () => {
  it('leaves the photo, byte by byte, under the tenant', async () => {
    const objects = await tenantObjects();

    expect(objects).toHaveLength(1);
    expect(objects[0]!.key).toContain(predictionId);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: objects[0]!.bucket, Key: objects[0]!.key }));
    expect(photo.equals(await Body!.transformToByteArray())).toBe(true);
  });

  it('leaves a line in the history with who, what and how', async () => {
    const { body } = await call(`/v1/history/${predictionId}`, { token });

    expect(body).toMatchObject({ model: 'signs', model_version: '1', request_id: 'storage-request', source: 'api' });
    expect(body.image).toMatchObject({ media_type: 'image/jpeg', bytes: photo.length });
  });

  it('leaves one message on the capture queue', async () => {
    const message = await capturedMessage();

    expect(message).toMatchObject({ tenant_id: tenant, prediction_id: predictionId, label: '7' });
  });

  it('is counted by model version in CloudWatch', async () => {
    const Dimensions = [
      { Name: 'service', Value: 'predict' },
      { Name: 'modelName', Value: 'signs' },
      { Name: 'modelVersion', Value: '1' },
    ];
    const window = {
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 3600,
    };
    const { Datapoints = [] } = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: METRIC_NAMESPACE,
        MetricName: 'Predictions',
        Dimensions,
        Statistics: ['Sum'],
        ...window,
      }),
    );

    expect(Datapoints.reduce((sum, { Sum }) => sum + Sum!, 0)).toBeGreaterThanOrEqual(1);
  });

  it('is measured: duration, cold start, inference and errors', async () => {
    const { Metrics = [] } = await cloudWatch.send(new ListMetricsCommand({ Namespace: METRIC_NAMESPACE }));

    expect(Metrics.map(({ MetricName }) => MetricName)).toEqual(
      expect.arrayContaining([
        'RequestDuration',
        'ColdStart',
        'InferenceDuration',
        'Errors',
        'Refusals',
        'Predictions',
      ]),
    );
  });

  it('is logged as one structured line with request, tenant and trace id', async () => {
    const lines = (await logLines()).filter((line) => line.includes('storage-request')).map((line) => JSON.parse(line));

    const completed = lines.filter((line) => line.message === 'request completed');
    expect(completed).toHaveLength(1);
    expect(completed[0]).toMatchObject({
      level: 'INFO',
      request_id: 'storage-request',
      tenant_id: tenant,
      xray_trace_id: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    });
  });

  it('leaves no token and no photo in the logs', async () => {
    const logs = (await logLines()).join('\n');

    expect(logs).not.toContain(token.slice(0, 40));
    expect(logs).not.toContain(photo.toString('base64').slice(0, 40));
  });
});

async function logLines(): Promise<string[]> {
  const folder = join(dataDir, 'logs');
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap((text) => text.split('\n'));
}
