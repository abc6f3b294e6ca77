import { artefactsOf, type Golden, goldenSchema, modelFiles, modelFolderKey } from '@kilat/contracts';
import {
  type ArtefactFiles,
  type LoadedModel,
  type LoadedVersion,
  ModelUnusableError,
  runGoldenCases,
  type Version,
  type VersionRef,
} from '@kilat/core';
import { sha256Of } from './model-folder.ts';
import { objectStore } from './object-store.ts';
import { openOnnxModel } from './onnx-model.ts';

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

  async function readChecked(folder: string, { file, sha256 }: FileHash): Promise<Uint8Array> {
    const bytes = await read(folder + file);
    const found = sha256Of(bytes);
    if (found === sha256) return bytes;
    throw new ModelUnusableError(`${folder}${file} has the sha256 ${found}; ${sha256} was registered`);
  }

  async function readAll(folder: string, artefacts: readonly FileHash[]): Promise<ArtefactFiles> {
    const read = artefacts.map(async (artefact) => [artefact.file, await readChecked(folder, artefact)] as const);
    return new Map(await Promise.all(read));
  }

  return async (ref) => {
    const version = await find(ref);
    if (!version) throw new ModelUnusableError(`'${ref.model}' has no version ${ref.version}`);
    const { manifest, record } = version;
    if (!record) return { model: await openShipped(manifest.name), bytes: 0 }; // kept anyway
    const folder = modelFolderKey(ref.tenantId, ref.model, ref.version);
    const [weights, golden, files] = await Promise.all([
      readChecked(folder, manifest.weights),
      read(folder + modelFiles.golden),
      readAll(folder, artefactsOf(manifest)),
    ]);
    const model = await openOnnxModel(manifest, weights, files);
    await assertGolden(model, goldenSchema.parse(JSON.parse(new TextDecoder().decode(golden))));
    return { model, bytes: weights.length };
  };
}

interface FileHash {
  readonly file: string;
  readonly sha256: string;
}

async function assertGolden(model: LoadedModel, golden: Golden): Promise<void> {
  const results = await runGoldenCases(model, golden);
  const failed = results.find(({ deviation, tolerance }) => !(deviation <= tolerance));
  if (!failed) return;
  const { name, version } = model.manifest;
  const { name: which, deviation, tolerance } = failed;
  throw new ModelUnusableError(
    `version ${version} of '${name}' is ${deviation} off in golden case '${which}'; ${tolerance} is allowed`,
  );
}
