import { asPhoto, openImage } from '@kilat/adapters/image-decoder';
import { modelStore } from '@kilat/adapters/model-store';
import { type BatchPredict, batchPredict } from '@kilat/core';
import { v7 } from 'uuid';
import type { Subject } from './subject.ts';

/** The worker's pipeline over stores that keep nothing: what is left is its own work. */
export function batchPipeline({ modelsDir, manifest, photos }: Subject): (count: number) => Promise<void> {
  const models = modelStore(modelsDir);
  const keepNothing = { check: async () => {} };
  const predict: BatchPredict = batchPredict({
    openImage,
    findModel: async ({ model }) => ({
      model: await models.open(model),
      version: manifest.version,
      alias: 'champion',
    }),
    photos: { ...keepNothing, keyOf: (_, id) => id, put: async () => {} },
    history: {
      ...keepNothing,
      put: async () => {},
      putAll: async () => {},
      select: async () => ({ records: [] }),
      find: async () => undefined,
    },
    capture: { ...keepNothing, send: async () => {} },
  });
  return async (count) => {
    const items = Array.from({ length: count }, (_, index) =>
      predict({
        predictionId: v7(),
        identity: { tenantId: 'bench', userId: 'bench' },
        requestId: 'bench',
        source: 'batch',
        modelName: manifest.name,
        topK: 5,
        photo: async () => asPhoto(photos[index % photos.length]!),
      }),
    );
    await Promise.all(items);
  };
}

/** One core's images a second: CPU time counts that of all threads. */
export async function perCore(count: number, work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return count / ((user + system) / 1e6);
}
