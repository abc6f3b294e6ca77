import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { artefactsOf, modelFolderKey } from '@kilat/contracts';
import { type ModelRef, ModelUnusableError, type RunFiles, type Version, type VersionFiles } from '@kilat/core';
import { aws } from './aws-clients.ts';
import { readArtefacts, readWeights, sha256Of } from './model-folder.ts';
import { objectStore } from './object-store.ts';

/** The files of runs and versions in the models bucket. */
export function runFiles(bucket: string): RunFiles {
  const objects = objectStore(bucket);
  return {
    read: async (key) => (await objects.read(key))?.bytes,
    write: (key, content, mediaType) => objects.write(key, content, mediaType),
    async writeBytes(Key, Body, ContentType) {
      await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType }));
    },
  };
}

export interface VersionPlaces {
  /** of the models that came with the deployment */
  readonly modelsDir: string;
  /** of those that were registered */
  readonly bucket: string;
}

/**
 * Reads the weights of a version and the files that its manifest names beside them.
 * @throws {ModelUnusableError} when one is missing, or is not what was registered
 */
export const versionFiles =
  ({ modelsDir, bucket }: VersionPlaces) =>
  async ({ tenantId, model }: ModelRef, { manifest, record }: Version): Promise<VersionFiles> => {
    if (!record) {
      const folder = join(modelsDir, model);
      const [weights, beside] = await Promise.all([readWeights(folder, manifest), readArtefacts(folder, manifest)]);
      return { manifest, files: { ...Object.fromEntries(beside), [manifest.weights.file]: weights } };
    }
    const folder = modelFolderKey(tenantId, model, manifest.version);
    const wanted = [manifest.weights, ...artefactsOf(manifest)];
    const read = wanted.map(async ({ file, sha256 }) => [file, await checked(bucket, folder + file, sha256)] as const);
    return { manifest, files: Object.fromEntries(await Promise.all(read)) };
  };

async function checked(bucket: string, key: string, sha256: string): Promise<Uint8Array> {
  const object = await objectStore(bucket).read(key);
  if (!object) throw new ModelUnusableError(`${key} is not there`);
  const found = sha256Of(object.bytes);
  if (found === sha256) return object.bytes;
  throw new ModelUnusableError(`${key} has the sha256 ${found}; ${sha256} was registered`);
}
