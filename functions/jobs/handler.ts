import { join } from 'node:path';
import { newPredictionId, now } from '@kilat/adapters/clock';
import { sha256 } from '@kilat/adapters/digest';
import { idempotencyStore } from '@kilat/adapters/idempotency-store';
import { jobStore } from '@kilat/adapters/job-store';
import { readManifests } from '@kilat/adapters/model-folder';
import { objectStore } from '@kilat/adapters/object-store';
import { quotaPorts } from '@kilat/adapters/quota-ports';
import { registryStore } from '@kilat/adapters/registry-store';
import { uploadForms } from '@kilat/adapters/upload-forms';
import { assertWebhookUrl } from '@kilat/adapters/webhook';
import { webhookSecrets } from '@kilat/adapters/webhook-secrets';
import { controlQueue } from '@kilat/adapters/work-queues';
import {
  cancelJob,
  createUploads,
  findTask,
  idempotencyKeyIn,
  listJobs,
  quotaOf,
  registryOf,
  showJob,
  showResult,
  showWebhookSecret,
  submitJob,
  viewOf,
} from '@kilat/core';
import { http, observe, Reply, readEnv } from '@kilat/lambda';

const env = readEnv('jobs');
const manifests = await readManifests(join(env.LAMBDA_TASK_ROOT, 'models'));
const registry = registryOf(registryStore(env.REGISTRY_TABLE), manifests);
const ports = {
  now,
  digest: sha256,
  assertWebhookUrl: (url: string) => assertWebhookUrl(url),
  newJobId: newPredictionId,
  jobs: jobStore({ tableName: env.JOBS_TABLE, retentionDays: env.JOBS_RETENTION_DAYS }),
  idempotency: idempotencyStore(env.JOBS_TABLE),
  work: objectStore(env.WORK_BUCKET),
  control: controlQueue(env.CONTROL_QUEUE_URL),
};
const secrets = webhookSecrets(env.JOBS_TABLE);
const uploadPorts = { now, newId: newPredictionId, form: uploadForms(env.INBOX_BUCKET) };

export const handler = http<'jobs'>(
  observe('jobs'),
  {
    async submitJob({ requestId, identity, body: request, headers }) {
      const { model, task } = await findTask(registry, { ...identity, model: request.model ?? env.DEFAULT_MODEL });
      const idempotencyKey = idempotencyKeyIn(headers);
      const job = await submitJob(ports, { requestId, identity, request, model, task, idempotencyKey });
      return new Reply(202, await viewOf(ports, job), { location: `/v1/jobs/${job.job_id}` });
    },

    listJobs: ({ identity, query }) => listJobs(ports, identity, query),

    getJob: ({ identity, params }) => showJob(ports, identity, params.job_id),

    getJobResult: ({ identity, params, query }) => showResult(ports, identity, { jobId: params.job_id, ...query }),

    async cancelJob({ identity, params }) {
      return viewOf(ports, await cancelJob(ports, identity, params.job_id));
    },

    webhookSecret: ({ identity }) => showWebhookSecret(secrets, identity),

    createUploads: ({ identity, body }) => createUploads(uploadPorts, identity, body),
  },
  quotaOf(quotaPorts(env)),
);
