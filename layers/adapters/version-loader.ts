import { type Golden, goldenSchema, modelFolderKey } from '@kilat/contracts';
import {
  type LoadedModel,
  type LoadedVersion,
  ModelUnusableError,
  runTensorCase,
  type Version,
  type VersionRef,
} from '@kilat/core';
import { sha256Of } from './model-folder.ts';
import { objectStore } from './object-store.ts';
import { openOnnxModel } from './onnx-model.ts';

const GOLDEN = 'golden.json';

export interface VersionLoaderOptions {
  /** of registered versions */
  readonly bucket: string;
  /** Loads a model that came with the deployment. */
  readonly openShipped: (name: string) => Promise<LoadedModel>;
  /** @returns undefined where the tenant has no such version */
  readonly find: (ref: VersionRef) => Promise<Version | undefined>;
}

/**
 * Loads a version from wherever it lies, and lets nothing pass that is not what was registered: the file has to have the
 * registered hash, and the model has to answer its golden cases.
 * @throws {ModelUnusableError}
 */
export function versionLoader({
  bucket,
  openShipped,
  find,
}: VersionLoaderOptions): (ref: VersionRef) => Promise<LoadedVersion<LoadedModel>> {
  const objects = objectStore(bucket);

  async function read(key: string): Promise<Uint8Array> {
    const object = await objects.read(key);
    if (!object) throw new ModelUnusableError(`${key} is not there`);
    return object.bytes;
  }

  return async (ref) => {
    const version = await find(ref);
    if (!version) throw new ModelUnusableError(`'${ref.model}' has no version ${ref.version}`);
    const { manifest, record } = version;
    if (!record) return { model: await openShipped(manifest.name), bytes: 0 }; // kept anyway
    const folder = modelFolderKey(ref.tenantId, ref.model, ref.version);
    const [weights, golden] = await Promise.all([read(folder + manifest.weights.file), read(folder + GOLDEN)]);
    assertHash(folder + manifest.weights.file, weights, manifest.weights.sha256);
    const model = await openOnnxModel(manifest, weights);
    await assertGolden(model, goldenSchema.parse(JSON.parse(new TextDecoder().decode(golden))));
    return { model, bytes: weights.length };
  };
}

function assertHash(key: string, bytes: Uint8Array, expected: string): void {
  const found = sha256Of(bytes);
  if (found !== expected) throw new ModelUnusableError(`${key} has the sha256 ${found}; ${expected} was registered`);
}

async function assertGolden(model: LoadedModel, { tensor_cases, tensor_tolerance }: Golden): Promise<void> {
  for (const [index, expected] of tensor_cases.entries()) {
    const { deviation } = await runTensorCase(model, expected);
    if (deviation <= tensor_tolerance) continue;
    const { name, version } = model.manifest;
    throw new ModelUnusableError(
      `version ${version} of '${name}' is ${deviation} off in golden case ${index}; ${tensor_tolerance} is allowed`,
    );
  }
}
