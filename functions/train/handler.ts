import { join } from 'node:path';
import { newPredictionId, now } from '@kilat/adapters/clock';
import { eventBus } from '@kilat/adapters/event-bus';
import { readManifests, sha256Of } from '@kilat/adapters/model-folder';
import { rasterize } from '@kilat/adapters/rasterize';
import { registryStore } from '@kilat/adapters/registry-store';
import { runStore } from '@kilat/adapters/run-store';
import { snapshotStore } from '@kilat/adapters/snapshot-store';
import { tableSource } from '@kilat/adapters/table-source';
import { predictTabular } from '@kilat/adapters/tabular-predictions';
import { runFiles, versionFiles } from '@kilat/adapters/training-files';
import { runTrainingJob } from '@kilat/adapters/training-job';
import { trainingTaskSchema } from '@kilat/contracts';
import { recipeAmong, registryOf, runStep, type TrainingPorts, tabularRecipe } from '@kilat/core';
import { observe, readEnv } from '@kilat/lambda';

const env = readEnv('train');
const { logger, trainingEnded } = observe('train');
const modelsDir = join(env.LAMBDA_TASK_ROOT, 'models');

const ports: TrainingPorts = {
  registry: registryOf(registryStore(env.REGISTRY_TABLE), await readManifests(modelsDir)),
  now,
  newId: newPredictionId,
  runs: runStore(env.RUNS_TABLE, now),
  files: runFiles(env.MODELS_BUCKET),
  snapshots: snapshotStore(env.MODELS_BUCKET),
  openFiles: versionFiles({ modelsDir, bucket: env.MODELS_BUCKET }),
  readSource: tableSource(env.INBOX_BUCKET),
  readFeedback: async () => [],
  recipeFor: recipeAmong([tabularRecipe({ sha256: sha256Of, predict: predictTabular })]),
  rasterize,
  sha256: (text) => sha256Of(new TextEncoder().encode(text)),
  putEvent: (event) => eventBus(env.EVENT_BUS).put(event),
  codeRevision: env.VERSION,
};

/** Does one step of a training run, as the state machine asks. */
export async function handler(event: unknown): Promise<object> {
  const task = trainingTaskSchema.parse(event);
  const { run_id, model, tenant_id } = task.run;
  logger.info('training step started', { operation: task.operation, run_id, model, tenant_id });
  return runStep(ports, task, trainingEnded);
}

/** As a program, it is a training job of SageMaker's: the same image, the same step. */
if (import.meta.main) {
  const run: Parameters<typeof runTrainingJob>[0]['run'] = (task, { read }) =>
    runStep({ ...ports, snapshots: { ...ports.snapshots, read } }, task, trainingEnded);
  process.exitCode = await runTrainingJob({ root: process.argv[2], run });
}
