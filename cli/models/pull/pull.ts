import { existsSync } from 'node:fs';
import { rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '@kilat/adapters/model-folder';
import { type CatalogueEntry, catalogue } from '../../catalogue/index.ts';
import { asJson } from '../folders.ts';
import { RefusedError } from '../refusal.ts';
import { modelCard } from './model-card.ts';
import { isFile } from './place-file.ts';
import { copyFromFolder, type Fetching, fetchFromMirrors } from './sources.ts';

export interface PullOptions extends Fetching {
  readonly modelsDir: string;
  /** a folder to take the weights from, instead of the mirrors */
  readonly from?: string | undefined;
}

export interface PulledModel {
  readonly folder: string;
  /** the mirror or the file that the weights came from; absent when they were here already */
  readonly takenFrom?: string;
}

/** As `pullEntry`, of a model that the catalogue knows by name. @throws {RefusedError} when it knows none of that name */
export async function pullModel({ name, ...options }: PullOptions & { readonly name: string }): Promise<PulledModel> {
  const entry = catalogue.get(name);
  if (!entry)
    throw new RefusedError(`no public model is named '${name}'; there are ${[...catalogue.keys()].join(', ')}`);
  return pullEntry(entry, options);
}

/**
 * Makes a whole model folder of a catalogue entry. Right weights are left alone, wrong ones replaced.
 * @throws {RefusedError} when the weights are nowhere to be had, or the folder holds somebody's own model
 */
export async function pullEntry(entry: CatalogueEntry, options: PullOptions): Promise<PulledModel> {
  const { manifest } = entry;
  const folder = join(options.modelsDir, manifest.name);
  await assertOurs(folder);
  const takenFrom = await pullWeights(entry, folder, options).catch(async (error: unknown) => {
    await rmdir(folder).catch(() => {}); // only if it is empty: then we made it
    throw error;
  });
  await writeFile(join(folder, 'README.md'), modelCard(entry));
  await writeFile(join(folder, 'model.json'), asJson(manifest));
  return { folder, ...(takenFrom && { takenFrom }) };
}

/** A name may have been given to another model with `kilat models add`: it is not ours to replace. */
async function assertOurs(folder: string): Promise<void> {
  if (!existsSync(join(folder, 'model.json'))) return;
  const { source } = await readManifest(folder);
  if (source.kind !== 'pulled') throw new RefusedError(`${folder} holds another model; remove it or name --models`);
}

async function pullWeights(entry: CatalogueEntry, folder: string, options: PullOptions): Promise<string | undefined> {
  const { weights } = entry.manifest;
  const target = join(folder, weights.file);
  if (await isFile(target, weights)) return undefined;
  if (options.from) return copyFromFolder(target, weights, options.from, options);
  const urls = entry.mirrors.map(({ url }) => url);
  return fetchFromMirrors(target, weights, urls, options);
}
