import { join } from 'node:path';
import { captureQueue } from '@kilat/adapters/capture-queue';
import { newPredictionId, timer } from '@kilat/adapters/clock';
import { historyStore } from '@kilat/adapters/history-store';
import { asPhoto, openImage } from '@kilat/adapters/image-decoder';
import { fetchImage } from '@kilat/adapters/image-url';
import { modelStore } from '@kilat/adapters/model-store';
import { photoStore } from '@kilat/adapters/photo-store';
import { quotaPorts } from '@kilat/adapters/quota-ports';
import { servedModels } from '@kilat/adapters/served-models';
import { shadowQueue } from '@kilat/adapters/work-queues';
import { type PredictAnyPorts, predictAny, probe, quotaOf, readiness } from '@kilat/core';
import { http, observe, Reply, readEnv } from '@kilat/lambda';

const env = readEnv('predict');
const observability = observe('predict');
const shipped = modelStore(join(env.LAMBDA_TASK_ROOT, 'models'));
const models = servedModels({
  shipped,
  registryTable: env.REGISTRY_TABLE,
  modelsBucket: env.MODELS_BUCKET,
  ...observability.serving,
});
const ports: PredictAnyPorts = {
  timer,
  newPredictionId,
  asPhoto,
  openImage,
  fetchImage,
  photos: photoStore(env.PHOTOS_BUCKET),
  history: historyStore({ tableName: env.HISTORY_TABLE, retentionDays: env.HISTORY_RETENTION_DAYS }),
  capture: captureQueue(env.CAPTURE_QUEUE_URL),
  shadows: { ...shadowQueue(env.BATCH_QUEUE_URL), onLost: observability.serving.onShadowLost },
};

// Loading begins with the execution environment, beside the rest of its start; whoever asks first hears of a failure.
shipped.open(env.DEFAULT_MODEL).catch(() => {});

export const handler = http<'predict'>(
  observability,
  {
    async predict({ requestId, identity, admitted, query: { model, top_k: topK, explain }, prediction }) {
      const served = await models.find({ ...identity, model: model ?? env.DEFAULT_MODEL });
      const request = {
        requestId,
        identity,
        admitted,
        served,
        body: prediction(),
        topK,
        explain,
        source: 'api',
      } as const;
      const answer = await predictAny(ports, request);
      observability.predicted(answer);
      return answer;
    },

    async ready() {
      const checks = {
        photos: ports.photos.check,
        history: ports.history.check,
        capture: ports.capture.check,
        model: async () => probe(await shipped.open(env.DEFAULT_MODEL)),
      };
      const state = await readiness(checks, timer);
      return state.ready ? state : new Reply(503, state);
    },
  },
  quotaOf(quotaPorts(env)),
);
