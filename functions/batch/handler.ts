import { join } from 'node:path';
import { captureQueue } from '@kilat/adapters/capture-queue';
import { sha256 } from '@kilat/adapters/digest';
import { historyStore } from '@kilat/adapters/history-store';
import { asPhoto, openImage } from '@kilat/adapters/image-decoder';
import { fetchImage } from '@kilat/adapters/image-url';
import { jobStore } from '@kilat/adapters/job-store';
import { modelStore } from '@kilat/adapters/model-store';
import { objectStore } from '@kilat/adapters/object-store';
import { photoStore } from '@kilat/adapters/photo-store';
import { quotaPorts } from '@kilat/adapters/quota-ports';
import { servedModels } from '@kilat/adapters/served-models';
import { controlQueue } from '@kilat/adapters/work-queues';
import { batchMessageSchema } from '@kilat/contracts';
import {
  answerInShadow,
  batchPredict,
  classifyDrop,
  instanceBatchPredict,
  quotaOf,
  type ServingRequest,
  workChunk,
} from '@kilat/core';
import { batch, observe, readEnv } from '@kilat/lambda';

const env = readEnv('batch');
const observability = observe('batch');
const models = servedModels({
  shipped: modelStore(join(env.LAMBDA_TASK_ROOT, 'models')),
  registryTable: env.REGISTRY_TABLE,
  modelsBucket: env.MODELS_BUCKET,
  ...observability.serving,
});
const capture = captureQueue(env.CAPTURE_QUEUE_URL);
const photos = photoStore(env.PHOTOS_BUCKET);
const keepPorts = {
  findModel: (request: ServingRequest) => models.find(request),
  history: historyStore({ tableName: env.HISTORY_TABLE, retentionDays: env.HISTORY_RETENTION_DAYS }),
  capture,
};
const ports = {
  asPhoto,
  openImage,
  capture,
  readPhoto: photos.read,
  openVersion: models.openVersion,
  fetchImage,
  digest: sha256,
  quota: quotaOf(quotaPorts(env)),
  jobs: jobStore({ tableName: env.JOBS_TABLE }),
  work: objectStore(env.WORK_BUCKET),
  inbox: objectStore(env.INBOX_BUCKET),
  control: controlQueue(env.CONTROL_QUEUE_URL),
  predict: batchPredict({ ...keepPorts, openImage, photos }),
  predictInstances: instanceBatchPredict(keepPorts),
};

/** A message is a chunk of a job, a request that a shadow answers too, or tells of photos dropped into the inbox. */
export const handler = batch(observability, batchMessageSchema, async (message) => {
  if ('shadow_version' in message) return answerInShadow(ports, message);
  if (!('Records' in message)) {
    const counts = await workChunk(ports, message);
    if (counts) observability.itemsDone(counts);
    return;
  }
  for (const record of message.Records) {
    const outcome = await classifyDrop(ports, record);
    if (outcome) observability.dropDone(outcome);
  }
});
