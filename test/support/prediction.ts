import type { ImageManifest, PredictionRecord } from '@kilat/contracts';

export const aRecord = (parts: Partial<PredictionRecord> = {}): PredictionRecord => ({
  prediction_id: '017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
  request_id: 'req-1',
  user_id: 'u1',
  model: 'signs',
  model_version: '1',
  label: '3',
  confidence: 0.9,
  predictions: [{ label: '3', confidence: 0.9 }],
  source: 'api',
  image: { media_type: 'image/jpeg', width_px: 64, height_px: 64, bytes: 1234 },
  created_at: '2022-02-22T19:22:22.000Z',
  ...parts,
});

/** A classifier of two labels over a 2 x 2 image, whose manifest is as small as the schema allows. */
export const aManifest = (parts: Partial<ImageManifest> = {}): ImageManifest => ({
  name: 'tiny',
  version: '1',
  task: 'image-classification',
  description: 'two labels',
  licence: 'MIT',
  source: {},
  weights: { file: 'model.onnx', sha256: '0'.repeat(64), bytes: 1, urls: [] },
  signature: {
    inputs: [{ name: 'pixels', datatype: 'FP32', shape: [-1, 3, 2, 2] }],
    outputs: [{ name: 'logits', datatype: 'FP32', shape: [-1, 2] }],
  },
  preprocessing: {
    do_convert_rgb: true,
    do_resize: true,
    size: { height: 2, width: 2 },
    resample: 2,
    do_center_crop: false,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: false,
    image_mean: [0, 0, 0],
    image_std: [1, 1, 1],
    do_flip_channel_order: false,
  },
  postprocessing: { function_to_apply: 'softmax', output: 'logits' },
  labels: ['cat', 'dog'],
  metrics: {},
  reference: {},
  ...parts,
});
