import { describe, expect, it } from 'vitest';
import { assumePreprocessing, parsePreprocessing } from '../../cli/models/add/preprocessing.ts';

const graphOf = (edge: number) => ({
  input: { name: 'pixel_values', datatype: 'FP32' as const, shape: [1, 3, edge, edge] },
  output: { name: 'logits', datatype: 'FP32' as const, shape: [1, 10] },
  width: edge,
  height: edge,
});
const parse = (config: object, edge = 224) => parsePreprocessing(JSON.stringify(config), graphOf(edge));

describe("Hugging Face's preprocessor_config.json", () => {
  it('is taken as google/vit-base-patch16-224 has it, what is not used being named', () => {
    // https://huggingface.co/google/vit-base-patch16-224/blob/main/preprocessor_config.json
    const { value, notes } = parse({
      do_normalize: true,
      do_resize: true,
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
      size: 224,
      feature_extractor_type: 'ViTFeatureExtractor',
    });

    expect(value).toMatchObject({
      size: { height: 224, width: 224 },
      do_center_crop: false,
      image_mean: [0.5, 0.5, 0.5],
    });
    expect(notes).toEqual(['ignored in the preprocessing: feature_extractor_type', 'size 224 is read as both edges']);
  });

  it('reads one number as the shorter edge where a crop follows', () => {
    const { value } = parse({ size: 256, do_center_crop: true, crop_size: 224 });

    expect(value).toMatchObject({ size: { shortest_edge: 256 }, crop_size: { height: 224, width: 224 } });
  });

  it('enlarges by crop_pct as ConvNeXt does: 224 / 0.875 is 256', () => {
    const { value } = parse({ size: { shortest_edge: 224 }, crop_pct: 0.875, resample: 3 });

    expect(value).toMatchObject({ size: { shortest_edge: 256 }, crop_size: { height: 224, width: 224 }, resample: 3 });
  });

  it('normalises where it says nothing of it, and tells what it assumed', () => {
    const { value, notes } = parse({ size: { height: 224, width: 224 } });

    expect(value).toMatchObject({ do_normalize: true, image_mean: [0.485, 0.456, 0.406] });
    expect(notes).toEqual(["the preprocessing states no mean or deviation: assumed ImageNet's"]);
  });

  it.each([
    ['padding', { size: 224, do_pad: true }, /asks for do_pad, which is not supported/],
    [
      'a crop of another size',
      { size: 256, do_center_crop: true, crop_size: 192 },
      /makes 192 x 192 .* takes 224 x 224/,
    ],
    ['no crop where the long edge stays long', { size: { shortest_edge: 224 } }, /makes 674 x 224/],
    ['a crop wider than the picture', { size: 200, do_center_crop: true, crop_size: 224 }, /makes 224 x 200/],
    ['a filter that is not known', { size: 224, resample: 5 }, /not in order/],
    ['one grey mean', { size: 224, image_mean: [0.5], image_std: [0.5] }, /not in order/],
    ['no size', { do_resize: true }, /not in order/],
  ])('is refused with %s', (_, config, reason) => {
    expect(() => parse(config)).toThrow(reason);
  });

  it.each(['', 'size: 224', '[]', 'null'])('is refused when it is no object: %j', (text) => {
    expect(() => parsePreprocessing(text, graphOf(224))).toThrow('the preprocessing is no JSON object');
  });
});

it('assumes the margin and the figures of ImageNet where nothing is said', () => {
  const { value, notes } = assumePreprocessing(graphOf(224));

  expect(value).toMatchObject({ size: { shortest_edge: 256 }, crop_size: { height: 224, width: 224 } });
  expect(notes[0]).toMatch(/^no --preprocessing: assumed the shorter edge to 256, centre crop 224 x 224/);
});
