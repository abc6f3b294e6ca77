import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FunctionName, functionEnv } from '@kilat/contracts';
import { describe, expect, it } from 'vitest';
import { buildApp } from '../../lib/app.ts';
import { bundle } from '../../lib/bundle/index.ts';
import { bundleProject } from '../../lib/bundle/project.ts';
import { thirdPartyFiles } from '../../lib/bundle/third-party.ts';
import { aStage, writeModel } from '../support/synth.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = join(import.meta.dirname, '../..');

/** Bundles functions that do nothing, apart from those that the test writes. */
function bundled(folder: string, handlers: Partial<Record<FunctionName, string>> = {}) {
  const [functionsDir, modelsDir, outDir] = [join(folder, 'functions'), join(folder, 'models'), join(folder, 'out')];
  for (const name of Object.keys(functionEnv) as FunctionName[]) {
    mkdirSync(join(functionsDir, name), { recursive: true });
    writeFileSync(join(functionsDir, name, 'handler.ts'), handlers[name] ?? 'export const handler = () => 1;');
  }
  writeFileSync(join(functionsDir, 'predict/Dockerfile'), 'FROM scratch');
  mkdirSync(modelsDir, { recursive: true });
  return bundle({ root, functionsDir, modelsDir, outDir });
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

describe('a bundle', () => {
  it('of predict is the context of the image, in which batch, train and verify lie beside it', async () => {
    const folder = temporaryFolder();
    writeModel(join(folder, 'models'), { name: 'signs' });

    const { folders } = await bundled(folder);

    expect(folders.batch).toBe(folders.predict);
    expect(filesIn(folders.predict)).toEqual([
      'Dockerfile',
      'batch.mjs',
      'batch.mjs.map',
      'index.mjs',
      'index.mjs.map',
      'models/signs/model.json',
      'models/signs/weights.onnx',
      'packages/package-lock.json',
      'packages/package.json',
      'third-party/THIRD-PARTY-LICENCES.txt',
      'third-party/bundled-packages.json',
      'train.mjs',
      'train.mjs.map',
      'verify.mjs',
      'verify.mjs.map',
    ]);
  });

  it('of models holds manifests and no weights', async () => {
    const folder = temporaryFolder();
    writeModel(join(folder, 'models'), { name: 'signs' });

    const { folders } = await bundled(folder);

    expect(filesIn(folders.models)).toEqual(['index.mjs', 'index.mjs.map', 'models/signs/model.json']);
  });

  it('that did not change is not written again', async () => {
    const folder = temporaryFolder();
    const writtenAt = async () => statSync(join((await bundled(folder)).folders.history, 'index.mjs')).mtimeMs;

    const first = await writtenAt();

    expect(await writtenAt()).toBe(first);
  });

  it('loses what its sources lost', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'out/functions/history/models/gone'), { recursive: true });
    writeFileSync(join(folder, 'out/functions/history/models/gone/model.json'), '{}');

    const { folders } = await bundled(folder);

    expect(readdirSync(folders.history).sort()).toEqual(['index.mjs', 'index.mjs.map']);
  });

  it('of a zip takes no native package', async () => {
    const handlers = { history: "import sharp from 'sharp'; export const handler = () => sharp;" };

    await expect(bundled(temporaryFolder(), handlers)).rejects.toThrow(
      "function 'history' is a zip and imports 'sharp', which only an image can hold",
    );
  });

  it('installs native packages in the versions that the adapters ask for', async () => {
    const { folders } = await bundled(temporaryFolder());

    const adapters = readJson(join(root, 'layers/adapters/package.json')).dependencies;
    expect(readJson(join(folders.predict, 'packages/package.json')).dependencies).toEqual({
      'onnxruntime-node': adapters['onnxruntime-node'],
      sharp: adapters.sharp,
      'dejavu-fonts-ttf': adapters['dejavu-fonts-ttf'],
    });
  });

  it('says which packages the bundler put into it, with their licences', async () => {
    const module = join(root, 'node_modules/zod/index.js');
    const handlers = { predict: `import * as z from '${module}'; export const handler = () => z.string();` };

    const { folders } = await bundled(temporaryFolder(), handlers);

    const zod = readJson(join(root, 'node_modules/zod/package.json'));
    const thirdParty = join(folders.predict, 'third-party');
    expect(readJson(join(thirdParty, 'bundled-packages.json'))).toEqual([
      { name: 'zod', version: zod.version, licence: 'MIT' },
    ]);
    expect(readFileSync(join(thirdParty, 'THIRD-PARTY-LICENCES.txt'), 'utf8')).toContain(
      readFileSync(join(root, 'node_modules/zod/LICENSE'), 'utf8').trimEnd(),
    );
  });

  it('takes no package that states no licence', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'node_modules/bare'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/bare/package.json'), '{"name":"bare","version":"1.0.0"}');

    expect(() => thirdPartyFiles(folder, ['functions/a.ts', 'node_modules/bare/index.js'])).toThrow(
      "package 'bare' states no licence, and would be part of a bundle",
    );
  });

  it('locks sharp for both processors that an image may be built for', async () => {
    const { folders } = await bundled(temporaryFolder());

    const { packages } = readJson(join(folders.predict, 'packages/package-lock.json'));
    expect(packages).toHaveProperty(['node_modules/@img/sharp-linux-x64', 'integrity']);
    expect(packages).toHaveProperty(['node_modules/@img/sharp-linux-arm64', 'integrity']);
  });
});

it('of what is deployed holds nothing of the local cloud, nor of the policy simulator that it judges by', async () => {
  const { folders } = await bundleProject({ buildDir: temporaryFolder() });

  const maps = [...new Set(Object.values(folders))].flatMap((folder) =>
    filesIn(folder)
      .filter((file) => file.endsWith('.mjs.map'))
      .map((file) => join(folder, file)),
  );
  const sources = maps.flatMap((file): string[] => readJson(file).sources);

  expect(sources.some((source) => source.includes('/layers/core/'))).toBe(true);
  expect(sources.filter((source) => /@cloud-copilot|\/local\//.test(source))).toEqual([]);
});

describe('a model', () => {
  it('without weights is left out', async () => {
    const folder = temporaryFolder();
    writeModel(join(folder, 'models'), { name: 'signs' });
    writeModel(join(folder, 'models'), { name: 'unpulled', weights: undefined });

    expect((await bundled(folder)).models).toEqual(['signs']);
  });

  it('whose weights broke off in the download is refused', async () => {
    const folder = temporaryFolder();
    writeModel(join(folder, 'models'), { name: 'signs', weights: '0123', statedBytes: 10 });

    await expect(bundled(folder)).rejects.toThrow(/weights\.onnx has 4 bytes; model\.json states 10$/);
  });

  it('in a folder of another name is refused', async () => {
    const folder = temporaryFolder();
    writeModel(join(folder, 'models'), { name: 'signs', folder: 'misplaced' });

    await expect(bundled(folder)).rejects.toThrow(/misplaced holds a model that calls itself 'signs'$/);
  });

  it('that the stage names must be there', async () => {
    const folder = temporaryFolder();
    const modelsDir = join(folder, 'models');
    writeModel(modelsDir, { name: 'cats' });

    const bundling = bundleProject({ modelsDir, buildDir: join(folder, 'out') });
    const build = async () => buildApp({ stage: aStage('staging'), outdir: folder }, await bundling);

    await expect(build()).rejects.toThrow(/^default model 'signs' is not in .*; there is cats$/);
  });
});
