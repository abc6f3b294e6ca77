import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asPhoto, openImage } from '@kilat/adapters/image-decoder';
import { readManifest, readWeights } from '@kilat/adapters/model-folder';
import { openOnnxModel } from '@kilat/adapters/onnx-model';
import { assertImageClassifier, classify, type ImageClassifier, readPixels, toTensor } from '@kilat/core';
import { describe, expect, it } from 'vitest';
import { pullModel } from '../../cli/models/pull/pull.ts';
import { hasSharedData, sharedPath } from '../support/shared-data.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Pulls a model as a person would, from the shared folder instead of the mirrors, and opens what was written. */
async function pulled(name: string): Promise<ImageClassifier> {
  const { folder } = await pullModel({ name, modelsDir: temporaryFolder(), from: sharedPath('models') });
  const manifest = await readManifest(folder);
  const model = await openOnnxModel(manifest, await readWeights(folder, manifest));
  assertImageClassifier(model);
  return model;
}

const photos = 'photos/imagenet100';

/** The class of each WordNet id is its line in the model zoo's own list, which our labels are not read from. */
function classOf(file: string): number {
  const synset = readFileSync(sharedPath('models/mobilenetv2/synset.txt'), 'utf8').split('\n');
  return synset.findIndex((line) => line.startsWith(`${file.slice(0, 'n00000000'.length)} `));
}

/** How often, in percent, the right class is the first and is among the first five. */
async function accuracy(model: ImageClassifier): Promise<{ top1: number; top5: number }> {
  const files = readdirSync(sharedPath(photos)).filter((file) => file.endsWith('.JPEG'));
  const ranks: number[] = [];
  for (const file of files) {
    const image = await openImage(asPhoto(readFileSync(join(sharedPath(photos), file))));
    const top = await classify(model, toTensor(model, await readPixels(model, image)), 5);
    const expected = model.manifest.labels[classOf(file)];
    ranks.push(top.findIndex(({ label }) => label === expected));
  }
  const percent = (hits: readonly number[]): number => (100 * hits.length) / files.length;
  return { top1: percent(ranks.filter((rank) => rank === 0)), top5: percent(ranks.filter((rank) => rank !== -1)) };
}

// The references are 78/94 and 77/93, measured on the same photos (shared/models/README.md); 2 points are left, because
// processors round 8-bit weights differently. On 100 photos the resampling alone moves top-1 by a few: the same pixels
// resized as Pillow does gave 80 and 83. A mistake shows all the same: swapped channels cost 15 points, no mean 30.
describe.skipIf(!hasSharedData)('on 100 photos of 100 classes of ImageNet', () => {
  it.each([
    ['mobilenetv2', { top1: 76, top5: 93 }],
    ['shufflenetv2', { top1: 75, top5: 91 }],
  ])('%s is as accurate as the reference', async (name, atLeast) => {
    const found = await accuracy(await pulled(name));

    console.info(`${name}: top-1 ${found.top1} %, top-5 ${found.top5} %`);
    expect(found.top1).toBeGreaterThanOrEqual(atLeast.top1);
    expect(found.top5).toBeGreaterThanOrEqual(atLeast.top5);
  });

  it('labels the photos with the names of their classes', async () => {
    const { manifest } = await pulled('mobilenetv2');

    expect(manifest.labels[classOf('n04264628_space_bar.JPEG')]).toBe('space bar');
  });
});
