import { now, pause } from '@kilat/adapters/clock';
import { eventBus } from '@kilat/adapters/event-bus';
import { matchesGlob } from '@kilat/adapters/glob';
import { jobStore } from '@kilat/adapters/job-store';
import { objectStore } from '@kilat/adapters/object-store';
import { readParquet } from '@kilat/adapters/parquet-rows';
import { quotaPorts } from '@kilat/adapters/quota-ports';
import { postWebhook } from '@kilat/adapters/webhook';
import { webhookSecrets } from '@kilat/adapters/webhook-secrets';
import { chunkQueue, controlQueue } from '@kilat/adapters/work-queues';
import { controlMessageSchema } from '@kilat/contracts';
import { finishJob, notifyJob, planJob, quotaOf, refOf } from '@kilat/core';
import { batch, decodeBase64, observe, readEnv } from '@kilat/lambda';

const env = readEnv('job-control');
const observability = observe('job-control');
const ports = {
  now,
  pause,
  matchesGlob,
  decodeBase64,
  readParquet,
  postWebhook,
  jobs: jobStore({ tableName: env.JOBS_TABLE }),
  work: objectStore(env.WORK_BUCKET),
  inbox: objectStore(env.INBOX_BUCKET),
  batches: chunkQueue(env.BATCH_QUEUE_URL),
  quota: quotaOf(quotaPorts(env)),
  events: eventBus(env.EVENT_BUS),
  secrets: webhookSecrets(env.JOBS_TABLE),
};
const control = controlQueue(env.CONTROL_QUEUE_URL);
const steps = { plan: planJob, finish: finishJob };

export const handler = batch(observability, controlMessageSchema, async (message) => {
  if (message.step === 'notify') {
    const told = await notifyJob(ports, refOf(message));
    if (told) observability.jobEnded(told);
    return;
  }
  const ended = await steps[message.step](ports, refOf(message));
  if (ended) await control.send({ ...message, step: 'notify' });
});
