import type { ModelManifest } from '@kilat/contracts';
import { ModelNotFoundError } from './errors.ts';

/** The manifest that a name stands for. @throws {ModelNotFoundError} */
export function findModel(manifests: readonly ModelManifest[], name: string): ModelManifest {
  const manifest = manifests.find((candidate) => candidate.name === name);
  if (!manifest) throw new ModelNotFoundError(name, manifests.map((candidate) => candidate.name).sort());
  return manifest;
}
