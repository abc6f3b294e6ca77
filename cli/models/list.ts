import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '@kilat/adapters/model-folder';
import { Command } from 'commander';
import { catalogue } from '../catalogue/index.ts';
import { reasonOf } from '../errors.ts';
import { table } from '../output/table.ts';
import { run } from '../run.ts';
import { modelNames } from './folders.ts';
import { jsonOption, modelsDirFrom, modelsOption, type SharedOptions } from './options.ts';

export interface ListedModel {
  readonly model: string;
  readonly version?: string;
  readonly labels?: number;
  readonly licence?: string;
  readonly bytes?: number;
  readonly state: string;
}

/** Every model folder, and what of the catalogue is not here. */
export async function listModels(modelsDir: string): Promise<ListedModel[]> {
  const here = existsSync(modelsDir) ? modelNames(modelsDir) : [];
  const missing = [...catalogue.values()].filter(({ manifest }) => !here.includes(manifest.name));
  return [
    ...(await Promise.all(here.map((name) => listed(modelsDir, name)))),
    ...missing.map(({ manifest }) => ({ ...facts(manifest), state: 'can be pulled' })),
  ];
}

async function listed(modelsDir: string, name: string): Promise<ListedModel> {
  try {
    const manifest = await readManifest(join(modelsDir, name));
    const isHere = existsSync(join(modelsDir, name, manifest.weights.file));
    return { ...facts(manifest), model: name, state: isHere ? 'ready' : 'weights missing' };
  } catch (error) {
    return { model: name, state: reasonOf(error) };
  }
}

const facts = ({ name, version, labels, licence, weights }: Awaited<ReturnType<typeof readManifest>>) => ({
  model: name,
  version,
  labels: labels.length,
  licence,
  bytes: weights.bytes,
});

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const asTable = (models: readonly ListedModel[]): string =>
  table([
    ['MODEL', 'VERSION', 'LABELS', 'WEIGHTS', 'LICENCE', 'STATE'],
    ...models.map(({ model, version = '', labels = '', bytes, licence = '', state }) => [
      model,
      version,
      `${labels}`,
      bytes === undefined ? '' : megabytes(bytes),
      licence,
      state,
    ]),
  ]);

export const listCommand = (): Command =>
  new Command('list')
    .description('show the models that are here and those that can be pulled')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action((options: SharedOptions) =>
      run(async () => {
        const models = await listModels(modelsDirFrom(options));
        console.log(options.json ? JSON.stringify({ models }, null, 2) : asTable(models));
        return true;
      }),
    );
