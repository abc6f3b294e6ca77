import { join } from 'node:path';
import type { ModelManifest } from '@kilat/contracts';
import { findModel, type LoadedModel } from '@kilat/core';
import { readArtefacts, readManifests, readWeights } from './model-folder.ts';
import { openOnnxModel } from './onnx-model.ts';

/** The models of a folder, each loaded when it is first asked for and then kept. */
export interface ModelStore {
  manifests(): Promise<readonly ModelManifest[]>;
  /** @throws {ModelNotFoundError} when there is none of that name */
  open(name: string): Promise<LoadedModel>;
}

/** Loads a model from its folder. @throws {ModelUnusableError} */
export async function openModelFolder(modelDir: string, manifest: ModelManifest): Promise<LoadedModel> {
  const [weights, files] = await Promise.all([readWeights(modelDir, manifest), readArtefacts(modelDir, manifest)]);
  return openOnnxModel(manifest, weights, files);
}

export function modelStore(modelsDir: string): ModelStore {
  const manifests = readManifests(modelsDir);
  manifests.catch(() => {}); // whoever awaits it hears of the fault; until then it is nobody's unhandled rejection
  const loading = new Map<string, Promise<LoadedModel>>();

  async function load(name: string): Promise<LoadedModel> {
    const manifest = findModel(await manifests, name);
    return openModelFolder(join(modelsDir, name), manifest);
  }

  return {
    manifests: () => manifests,
    open(name) {
      const known = loading.get(name);
      if (known) return known;
      const model = load(name);
      loading.set(name, model);
      // A failed load is forgotten, so that the next request tries again instead of failing for ever.
      model.catch(() => loading.delete(name));
      return model;
    },
  };
}
