import { join } from 'node:path';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { type ChunkMessage, jobRequestSchema } from '@kilat/contracts';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { v7 } from 'uuid';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../local/service.ts';
import type { BenchCloud } from './cloud.ts';
import { root, type Subject } from './subject.ts';

type Handler = (event: SQSEvent) => Promise<SQSBatchResponse>;

/** The environment of the deployed worker, with the endpoints of the local cloud's stores. */
async function useWorkerEnvironment({ endpoints }: BenchCloud): Promise<void> {
  const client = new LambdaClient({
    endpoint: endpoints.lambda!,
    region: LOCAL_REGION,
    credentials: LOCAL_CREDENTIALS,
  });
  const { Functions = [] } = await client.send(new ListFunctionsCommand({}));
  const variables = Functions.map(({ Environment }) => Environment?.Variables ?? {});
  Object.assign(
    process.env,
    variables.find((own) => own.WORK_BUCKET && own.PHOTOS_BUCKET),
    {
      LAMBDA_TASK_ROOT: join(root, '.build/images/inference'),
      POWERTOOLS_METRICS_DISABLED: 'true',
      AWS_REGION: LOCAL_REGION,
      AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
      AWS_ENDPOINT_URL_S3: endpoints.s3,
      AWS_ENDPOINT_URL_SQS: endpoints.sqs,
      AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    },
  );
}

/** The bundle that the image carries, at work in this process on jobs of ours: it reads and writes every store. */
export async function jobWorker(cloud: BenchCloud, subject: Subject): Promise<(count: number) => Promise<void>> {
  await useWorkerEnvironment(cloud);
  const { handler } = (await import(join(root, '.build/images/inference/batch.mjs'))) as { handler: Handler };
  const { objectStore } = await import('@kilat/adapters/object-store');
  const inbox = objectStore(process.env.INBOX_BUCKET!);
  const keys = subject.photos.map((_, index) => `sources/bench/${index}`);
  for (const [index, key] of keys.entries()) await inbox.write(key, subject.photos[index]!, 'image/jpeg');
  return async (count) => {
    const uploads = Array.from({ length: count }, (_, index) => keys[index % keys.length]!);
    const messages = await planned(subject, uploads);
    for (let first = 0; first < messages.length; first += 10) {
      const { batchItemFailures } = await handler(eventOf(messages.slice(first, first + 10)));
      if (batchItemFailures.length > 0) throw new Error('the worker failed at messages');
    }
  };
}

/** A job whose chunks go to nobody else. */
async function planned(subject: Subject, uploads: readonly string[]): Promise<ChunkMessage[]> {
  const [{ jobStore }, { objectStore }, { planJob, workKeys }] = await Promise.all([
    import('@kilat/adapters/job-store'),
    import('@kilat/adapters/object-store'),
    import('@kilat/core'),
  ]);
  const ref = { tenantId: 'bench', jobId: v7() };
  const jobs = jobStore({ tableName: process.env.JOBS_TABLE!, retentionDays: 1 });
  const work = objectStore(process.env.WORK_BUCKET!);
  const request = jobRequestSchema.parse({ model: subject.manifest.name, uploads });
  await work.write(workKeys.request(ref), JSON.stringify(request), 'application/json');
  await jobs.create({
    ...{ job_id: ref.jobId, tenant_id: ref.tenantId, user_id: 'bench', request_id: 'bench', state: 'queued' },
    ...{ model: subject.manifest.name, top_k: 5, input: 'uploads' },
  });
  const messages: ChunkMessage[] = [];
  const batches = { sendAll: async (chunks: readonly ChunkMessage[]) => void messages.push(...chunks) };
  const quota = { countPredictions: async (_: unknown, granted: number) => ({ granted, giveBack: async () => {} }) };
  const unused = {
    quota,
    inbox: work,
    matchesGlob: () => true,
    decodeBase64: () => new Uint8Array(),
    readParquet: async () => [],
  };
  await planJob({ jobs, work, batches, now: Date.now, ...unused }, ref);
  return messages;
}

const eventOf = (messages: readonly ChunkMessage[]): SQSEvent =>
  ({
    Records: messages.map((message, index) => ({
      messageId: String(index),
      body: JSON.stringify(message),
      attributes: { ApproximateReceiveCount: '1' },
    })),
  }) as SQSEvent;
