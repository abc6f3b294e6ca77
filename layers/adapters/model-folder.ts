import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArtefactFile, artefactsOf, type ModelManifest, modelManifestSchema } from '@kilat/contracts';
import { type ArtefactFiles, ModelUnusableError } from '@kilat/core';
import * as z from 'zod';

const MANIFEST = 'model.json';

/**
 * The manifests of all models in a folder, one sub-folder each.
 * @throws {ModelUnusableError} when a manifest is broken, naming the file and every fault
 */
export async function readManifests(modelsDir: string): Promise<ModelManifest[]> {
  const entries = await readdir(modelsDir, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(folders.sort().map((name) => readManifest(join(modelsDir, name))));
}

/** @throws {ModelUnusableError} when the manifest is missing, is no JSON or does not fit the schema */
export async function readManifest(modelDir: string): Promise<ModelManifest> {
  const path = join(modelDir, MANIFEST);
  const parsed = modelManifestSchema.safeParse(await readJson(path));
  if (!parsed.success)
    throw new ModelUnusableError(`${path} is not a model manifest:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new ModelUnusableError(`${path} cannot be read as JSON`, { cause });
  }
}

/**
 * The weights of a model, checked against the hash that the manifest states.
 * @throws {ModelUnusableError} when they are missing or are others
 */
export const readWeights = (modelDir: string, { weights }: ModelManifest): Promise<Uint8Array> =>
  readChecked(modelDir, weights);

/** The files that a manifest names beside the weights. @throws {ModelUnusableError} as {@link readWeights} */
export async function readArtefacts(modelDir: string, manifest: ModelManifest): Promise<ArtefactFiles> {
  const read = async (artefact: ArtefactFile) => [artefact.file, await readChecked(modelDir, artefact)] as const;
  return new Map(await Promise.all(artefactsOf(manifest).map(read)));
}

async function readChecked(modelDir: string, { file, sha256 }: Pick<ArtefactFile, 'file' | 'sha256'>) {
  const path = join(modelDir, file);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new ModelUnusableError(`${path} cannot be read`, { cause });
  });
  const found = sha256Of(bytes);
  if (found !== sha256) throw new ModelUnusableError(`${path} has the sha256 ${found}; ${sha256} was expected`);
  return bytes;
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
