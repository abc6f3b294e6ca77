import { newPredictionId, timer } from '@kilat/adapters/clock';
import { asPhoto, openImage } from '@kilat/adapters/image-decoder';
import { modelStore } from '@kilat/adapters/model-store';
import { assertImageClassifier, type PredictPorts, predict } from '@kilat/core';
import type { Subject } from './subject.ts';

const nothing = async (): Promise<void> => {};

/** Stores that keep nothing and answer at once: what is left is the platform's own time. */
const ports: PredictPorts = {
  timer,
  newPredictionId,
  openImage,
  photos: { keyOf: () => '', put: nothing, check: nothing },
  history: {
    put: nothing,
    putAll: nothing,
    select: async () => ({ records: [] }),
    find: async () => undefined,
    check: nothing,
  },
  capture: { send: nothing, check: nothing },
  shadows: { send: nothing, onLost: () => {} },
};

/** A prediction without HTTP and without stores, on a session of its own. */
export async function predictInMemory({ modelsDir, manifest }: Subject): Promise<(photo: Buffer) => Promise<unknown>> {
  const model = await modelStore(modelsDir).open(manifest.name);
  assertImageClassifier(model);
  const served = { model, version: manifest.version, alias: 'champion' } as const;
  const identity = { tenantId: 'bench', userId: 'bench', isAdmin: false };
  return (photo) =>
    predict(ports, { identity, requestId: 'bench', source: 'api', topK: 5, served, photo: asPhoto(photo) });
}
