import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelManifest, modelManifestSchema } from '@kilat/contracts';
import { ModelUnusableError } from '@kilat/core';
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
export async function readWeights(modelDir: string, manifest: ModelManifest): Promise<Uint8Array> {
  const path = join(modelDir, manifest.weights.file);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new ModelUnusableError(`the weights ${path} cannot be read`, { cause });
  });
  const sha256 = sha256Of(bytes);
  if (sha256 !== manifest.weights.sha256) {
    throw new ModelUnusableError(`${path} has the sha256 ${sha256}; ${manifest.weights.sha256} was expected`);
  }
  return bytes;
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
