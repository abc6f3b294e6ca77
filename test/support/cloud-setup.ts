import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { kilat, type LocalJson, startCloud } from './local-cloud.ts';
import { hasSharedData, projectRoot, sharedPath } from './shared-data.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The one local cloud that all end-to-end tests call. */
    cloud: { local: LocalJson; dataDir: string };
  }
}

/** Boots one local cloud for the whole suite, with MobileNetV2 beside the shipped model where its weights are at hand. */
export async function setup(project: TestProject): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kilat-e2e-'));
  const modelsDir = join(folder, 'models');
  await cp(join(projectRoot, 'models'), modelsDir, { recursive: true });
  await trainNarrowly(join(modelsDir, 'churn/model.json'));
  if (hasSharedData) await pullMobileNet(folder, modelsDir);
  const cloud = await startCloud({ dataDir: join(folder, 'data'), env: { KILAT_MODELS: modelsDir } });
  project.provide('cloud', { local: cloud.local, dataDir: cloud.dataDir });
  end = async () => {
    await cloud.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

export const teardown = (): Promise<void> => end();

let end = async (): Promise<void> => {};

/** One setting of each kind and three folds: the same path in a tenth of the time. */
async function trainNarrowly(manifestFile: string): Promise<void> {
  const manifest = JSON.parse(await readFile(manifestFile, 'utf8'));
  const training = { ...manifest.training, search: 'narrow', folds: 3 };
  await writeFile(manifestFile, JSON.stringify({ ...manifest, training }));
}

async function pullMobileNet(folder: string, modelsDir: string): Promise<void> {
  const args = ['models', 'pull', 'mobilenetv2', '--from', sharedPath('models'), '--models', modelsDir];
  const { code, stderr } = await kilat(folder, ...args);
  if (code !== 0) throw new Error(`mobilenetv2 could not be pulled: ${stderr}`);
}
