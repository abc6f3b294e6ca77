import { relative } from 'node:path';
import { UnlicensedFilesError } from '../errors.ts';
import { filesBelow } from '../files.ts';
import { baseParts } from './base.ts';
import { bundledPackages, kilat } from './bundled.ts';
import { models } from './models.ts';
import { npmPackages } from './npm-packages.ts';
import type { Part } from './part.ts';

/**
 * Everything that an image is made of.
 * @param folder the image's files
 * @throws {UnlicensedFilesError} when a file belongs to nothing, or to something without a licence
 */
export function inventory(folder: string): Part[] {
  const parts = [kilat(), ...bundledPackages(folder), ...npmPackages(folder), ...models(folder), ...baseParts(folder)];
  const owned = parts.filter(({ licences }) => licences.some(Boolean)).flatMap(({ owns }) => owns);
  const [files, folders] = [new Set(owned), owned.filter((path) => path.endsWith('/'))];
  const unlicensed = [...filesBelow(folder)]
    .map((path) => relative(folder, path))
    .filter((path) => !files.has(path) && !folders.some((prefix) => path.startsWith(prefix)));
  if (unlicensed.length > 0) throw new UnlicensedFilesError(unlicensed);
  return parts;
}
