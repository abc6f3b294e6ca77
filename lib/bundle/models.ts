import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ArtefactFile, artefactsOf, goldenSchema, modelManifestSchema } from '@kilat/contracts';
import type * as z from 'zod';
import type { Files } from './folder.ts';

/** A model that can be served: its manifest is in order and its weights are there. */
export interface ShippedModel {
  readonly name: string;
  /** names within the folder */
  readonly files: readonly string[];
  readonly folder: string;
}

const MANIFEST = 'model.json';
const GOLDEN = 'golden.json';
const CARD = 'README.md';

/** Example images travel in the image only while they weigh next to nothing beside the weights. */
const maxGoldenBytes = 512 * 1024;

export class BrokenModelError extends Error {
  override readonly name = 'BrokenModelError';
}

/** The models in a folder, by name; one whose weights were not pulled yet is left out. */
export function shippedModels(modelsDir: string): ShippedModel[] {
  return readdirSync(modelsDir)
    .filter((name) => existsSync(join(modelsDir, name, MANIFEST)))
    .sort()
    .flatMap((name) => shippedModel(name, join(modelsDir, name)) ?? []);
}

function shippedModel(name: string, folder: string): ShippedModel | undefined {
  const manifest = readJson(join(folder, MANIFEST), modelManifestSchema);
  if (manifest.name !== name)
    throw new BrokenModelError(`${folder} holds a model that calls itself '${manifest.name}'`);
  if (!existsSync(join(folder, manifest.weights.file))) return undefined;
  assertWhole(folder, manifest.weights);
  const artefacts = artefactsOf(manifest);
  for (const artefact of artefacts) assertWhole(folder, artefact);
  const ownFiles = [MANIFEST, manifest.weights.file, ...artefacts.map(({ file }) => file)];
  return { name, folder, files: [...ownFiles, ...goldenFiles(folder)] };
}

/** The hash is checked when the model is opened; the size alone tells a download that broke off. */
function assertWhole(folder: string, { file, bytes }: Pick<ArtefactFile, 'file' | 'bytes'>): void {
  const size = statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0;
  if (size !== bytes)
    throw new BrokenModelError(`${join(folder, file)} has ${size} bytes; ${MANIFEST} states ${bytes}`);
}

function goldenFiles(folder: string): string[] {
  if (!existsSync(join(folder, GOLDEN))) return [];
  const { cases } = readJson(join(folder, GOLDEN), goldenSchema);
  const files = [...new Set(cases.map(({ image }) => image))].filter((image) => existsSync(join(folder, image)));
  const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  return bytes <= maxGoldenBytes ? [GOLDEN, ...files] : [];
}

function readJson<T extends z.ZodType>(path: string, schema: T): z.output<T> {
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new BrokenModelError(`${path} is not in order`, { cause: parsed.error });
  return parsed.data;
}

/** Every file of every model, under `models/`. */
export const modelFiles = (models: readonly ShippedModel[]): Files =>
  new Map(
    models.flatMap(({ name, folder, files }) =>
      files.map((file) => [`models/${name}/${file}`, { from: join(folder, file) }] as const),
    ),
  );

/** What is said about the models, for functions that show them and run none. */
export const modelManifests = (models: readonly ShippedModel[]): Files => filesOf(models, [MANIFEST]);

/** As `modelManifests`, with the model cards of those that have one. */
export const modelDescriptions = (models: readonly ShippedModel[]): Files => filesOf(models, [MANIFEST, CARD]);

const filesOf = (models: readonly ShippedModel[], names: readonly string[]): Files =>
  new Map(
    models.flatMap(({ name, folder }) =>
      names
        .filter((file) => existsSync(join(folder, file)))
        .map((file) => [`models/${name}/${file}`, { from: join(folder, file) }] as const),
    ),
  );
