import { type ImagePreprocessing, imagePreprocessingSchema } from '@kilat/contracts';
import { planPixels, writeTensor } from '@kilat/core';
import { describe, expect, it } from 'vitest';

/** torchvision's Resize(256), CenterCrop(224), ToTensor, Normalize of the ImageNet classifiers. */
const imagenet = {
  size: { shortest_edge: 256 },
  do_center_crop: true,
  crop_size: { height: 224, width: 224 },
  do_normalize: true,
  image_mean: [0.485, 0.456, 0.406],
  image_std: [0.229, 0.224, 0.225],
};
const preprocessing = (facts: object = {}): ImagePreprocessing =>
  imagePreprocessingSchema.parse({ ...imagenet, ...facts });

describe('the plan of an image', () => {
  // torchvision.transforms.functional.resize: the longer edge is int(256 * longer / shorter)
  it.each([
    ['500 x 375, wide', { width: 500, height: 375 }, { width: 341, height: 256 }, { left: 58, top: 16 }],
    ['375 x 500, tall', { width: 375, height: 500 }, { width: 256, height: 341 }, { left: 16, top: 58 }],
    ['300 x 300, square', { width: 300, height: 300 }, { width: 256, height: 256 }, { left: 16, top: 16 }],
    ['1 x 1, enlarged', { width: 1, height: 1 }, { width: 256, height: 256 }, { left: 16, top: 16 }],
    [
      '100 x 99, its longer edge rounded down',
      { width: 100, height: 99 },
      { width: 258, height: 256 },
      { left: 17, top: 16 },
    ],
  ])('of %s', (_, original, resize, corner) => {
    const plan = planPixels(preprocessing(), original);

    expect(plan.resize).toEqual(resize);
    expect(plan.crop).toEqual({ ...corner, width: 224, height: 224 });
  });

  it('stretches to a height and a width where both are stated', () => {
    const plan = planPixels(preprocessing({ size: { height: 64, width: 32 }, do_center_crop: false }), {
      width: 500,
      height: 375,
    });

    expect(plan.resize).toEqual({ width: 32, height: 64 });
    expect(plan.crop).toEqual({ left: 0, top: 0, width: 32, height: 64 });
  });

  it('leaves the size alone when there is nothing to resize', () => {
    const plan = planPixels(preprocessing({ do_resize: false }), { width: 300, height: 301 });

    expect(plan.resize).toEqual({ width: 300, height: 301 });
    expect(plan.crop).toEqual({ left: 38, top: 38, width: 224, height: 224 });
  });
});

/** Two pixels, side by side: (255, 0, 51) and (0, 255, 102). */
const twoPixels = Uint8Array.from([255, 0, 51, 0, 255, 102]);

function tensorOf(facts: object): number[] {
  const target = new Float32Array(6);
  writeTensor(twoPixels, preprocessing(facts), target);
  return [...target];
}

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 6));

describe('the tensor of an image', () => {
  it('holds one channel after the other, each normalised by its own mean and deviation', () => {
    // red (1 - 0.485) / 0.229 and (0 - 0.485) / 0.229, and so on; 51 / 255 = 0.2, 102 / 255 = 0.4
    const expected = [2.2489083, -2.1179039, -2.0357143, 2.4285714, -0.9155556, -0.0266667];

    expect(tensorOf({})).toEqual(near(expected));
  });

  it('has blue first where channels are flipped, means staying with the positions of RGB', () => {
    const expected = [-0.9155556, -0.0266667, -2.0357143, 2.4285714, 2.2489083, -2.1179039];

    expect(tensorOf({ do_flip_channel_order: true })).toEqual(near(expected));
  });

  it('keeps 0 to 255 where nothing is rescaled or normalised', () => {
    expect(tensorOf({ do_rescale: false, do_normalize: false })).toEqual([255, 0, 0, 255, 51, 102]);
  });

  it('goes from -1 to 1 with the mean and deviation of 0.5 that ViT has', () => {
    const half = [0.5, 0.5, 0.5];

    expect(tensorOf({ image_mean: half, image_std: half })).toEqual(near([1, -1, -1, 1, -0.6, -0.2]));
  });
});
