import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readManifest } from '@kilat/adapters/model-folder';
import type { ImageManifest } from '@kilat/contracts';
import { pullModel } from '../cli/models/index.ts';

export const root = resolve(import.meta.dirname, '..');
const sharedDir = process.env.KILAT_SHARED ?? join(root, '../shared');

/** What is measured: a model, and the photos that it is shown. */
export interface Subject {
  readonly modelsDir: string;
  readonly manifest: ImageManifest;
  readonly photos: readonly Buffer[];
  readonly description: string;
}

/** MobileNetV2 on real photos where public weights are at hand, else the shipped model on its examples. */
export async function chooseSubject(): Promise<Subject> {
  return existsSync(join(sharedDir, 'models')) ? mobileNet() : signs();
}

async function mobileNet(): Promise<Subject> {
  const modelsDir = await mkdtemp(join(tmpdir(), 'kilat-bench-'));
  await cp(join(root, 'models'), modelsDir, { recursive: true });
  await pullModel({ name: 'mobilenetv2', from: join(sharedDir, 'models'), modelsDir });
  const photos = await readPhotos(join(sharedDir, 'photos/imagenet100'));
  return subject(modelsDir, 'mobilenetv2', photos, '100 photos of ImageNet, 500 px');
}

const signs = async (): Promise<Subject> =>
  subject(join(root, 'models'), 'signs', await readPhotos(join(root, 'models/signs/examples')), 'the shipped examples');

async function subject(modelsDir: string, name: string, photos: Buffer[], of: string): Promise<Subject> {
  const manifest = await readManifest(join(modelsDir, name));
  if (manifest.task !== 'image-classification') throw new TypeError(`'${name}' is no classifier of images`);
  return { modelsDir, manifest, photos, description: `${name} on ${of}` };
}

async function readPhotos(folder: string): Promise<Buffer[]> {
  const files = (await readdir(folder)).filter((file) => /\.(jpe?g|png|webp)$/i.test(file)).sort();
  return Promise.all(files.map((file) => readFile(join(folder, file))));
}
