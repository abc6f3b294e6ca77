import { join } from 'node:path';
import { newPredictionId, now } from '@kilat/adapters/clock';
import { executions } from '@kilat/adapters/executions';
import { readManifests } from '@kilat/adapters/model-folder';
import { quotaPorts } from '@kilat/adapters/quota-ports';
import { registryStore } from '@kilat/adapters/registry-store';
import { runStore } from '@kilat/adapters/run-store';
import { tenantsWithDatasets } from '@kilat/adapters/trained-tenants';
import { trainingScheduleSchema } from '@kilat/contracts';
import { quotaOf, registryOf, trainModel, trainOnSchedule } from '@kilat/core';
import { http, observe, Reply, readEnv } from '@kilat/lambda';

const env = readEnv('training');
const observability = observe('training');
const manifests = await readManifests(join(env.LAMBDA_TASK_ROOT, 'models'));
const ports = {
  registry: registryOf(registryStore(env.REGISTRY_TABLE), manifests),
  runs: runStore(env.RUNS_TABLE, now),
  newRunId: newPredictionId,
  start: executions(env.STATE_MACHINE_ARN),
  tenants: () => tenantsWithDatasets(env.MODELS_BUCKET),
  onRefused: (tenantId: string, error: Error) =>
    observability.logger.info('scheduled training refused', { tenant_id: tenantId, error }),
};

const api = http<'training'>(
  observability,
  {
    async trainModel({ identity, params: { model }, body }) {
      const run = await trainModel(ports, identity, model, body);
      return new Reply(202, run, { location: `/v1/runs/${run.run_id}` });
    },
  },
  quotaOf(quotaPorts(env)),
);

/** A request of the gateway's, or the calendar. */
export async function handler(event: Parameters<typeof api>[0]): Promise<unknown> {
  const scheduled = trainingScheduleSchema.safeParse(event);
  return scheduled.success ? trainOnSchedule(ports, scheduled.data.model) : api(event);
}
