import type { ModelManifest, ModelVersionView } from '@kilat/contracts';
import { ModelNotFoundError } from './errors.ts';

/** The manifest that a name stands for. @throws {ModelNotFoundError} */
export function findModel(manifests: readonly ModelManifest[], name: string): ModelManifest {
  const manifest = manifests.find((candidate) => candidate.name === name);
  if (!manifest) throw new ModelNotFoundError(name, manifests.map((candidate) => candidate.name).sort());
  return manifest;
}

/** A model version as the API shows it. What an image carries is the only version of its model, and so its champion. */
export const modelVersionView = (manifest: ModelManifest): ModelVersionView => ({
  model: manifest.name,
  model_version: manifest.version,
  aliases: ['champion'],
  task: manifest.task,
  description: manifest.description,
  licence: manifest.licence,
  sha256: manifest.weights.sha256,
  signature: manifest.signature,
  labels: manifest.labels,
  metrics: manifest.metrics,
});
