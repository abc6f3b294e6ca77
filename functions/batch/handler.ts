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
import { controlQueue } from '@kilat/adapters/work-queues';
import { batchMessageSchema } from '@kilat/contracts';
import { batchPredict, classifyDrop, quotaOf, workChunk } from '@kilat/core';
import { batch, observe, readEnv } from '@kilat/lambda';

const env = readEnv('batch');
const observability = observe('batch');
const ports = {
  asPhoto,
  fetchImage,
  digest: sha256,
  quota: quotaOf(quotaPorts(env)),
  jobs: jobStore({ tableName: env.JOBS_TABLE }),
  work: objectStore(env.WORK_BUCKET),
  inbox: objectStore(env.INBOX_BUCKET),
  control: controlQueue(env.CONTROL_QUEUE_URL),
  predict: batchPredict({
    openImage,
    openModel: modelStore(join(env.LAMBDA_TASK_ROOT, 'models')).open,
    photos: photoStore(env.PHOTOS_BUCKET),
    history: historyStore({ tableName: env.HISTORY_TABLE, retentionDays: env.HISTORY_RETENTION_DAYS }),
    capture: captureQueue(env.CAPTURE_QUEUE_URL),
  }),
};

/** A message is a chunk of a job, or tells of photos dropped into the inbox. */
export const handler = batch(observability, batchMessageSchema, async (message) => {
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
