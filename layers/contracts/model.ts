import * as z from 'zod';
import { modelNameSchema, modelVersionSchema } from './prediction.ts';

/** Datatypes of the Open Inference Protocol that a signature may name. */
export const datatypeSchema = z.enum(['FP32', 'FP64', 'FP16', 'INT64', 'INT32', 'INT8', 'UINT8', 'BOOL', 'BYTES']);

/** One input or output; -1 stands for any size. */
export const tensorSchema = z
  .object({
    name: z.string().min(1),
    datatype: datatypeSchema,
    shape: z.array(z.int().min(-1)).min(1),
  })
  .meta({ id: 'TensorSignature' });
export type TensorSignature = z.infer<typeof tensorSchema>;

export const signatureSchema = z.object({
  inputs: z.array(tensorSchema).min(1),
  outputs: z.array(tensorSchema).min(1),
});

const pixels = z.int().min(1).max(4096);
const channels = z.tuple([z.number(), z.number(), z.number()]);

/**
 * Image preprocessing as data, under the keys of Hugging Face's `preprocessor_config.json`, applied in the order
 * convert, resize, centre crop, rescale, normalise, flip channels.
 */
export const imagePreprocessingSchema = z.object({
  do_convert_rgb: z.literal(true).default(true),
  do_resize: z.boolean().default(true),
  size: z.union([z.object({ shortest_edge: pixels }), z.object({ height: pixels, width: pixels })]),
  /** Pillow's filter numbers: 0 nearest, 1 Lanczos, 2 bilinear, 3 bicubic. */
  resample: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).default(2),
  do_center_crop: z.boolean().default(false),
  crop_size: z.object({ height: pixels, width: pixels }).optional(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  do_normalize: z.boolean().default(false),
  image_mean: channels.default([0, 0, 0]),
  image_std: channels.default([1, 1, 1]),
  /** RGB becomes BGR */
  do_flip_channel_order: z.boolean().default(false),
});
export type ImagePreprocessing = z.infer<typeof imagePreprocessingSchema>;

export const classificationPostprocessingSchema = z.object({
  /** what turns the output into confidences; `none` where the model does so itself */
  function_to_apply: z.enum(['softmax', 'sigmoid', 'none']).default('softmax'),
  output: z.string().min(1),
});

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');

/** The weights: the hash decides, whatever the mirror. */
export const weightsSchema = z.object({
  file: z.string().regex(/^[\w][\w.-]*\.onnx$/, 'expected the name of an .onnx file'),
  sha256,
  bytes: z.int().positive(),
  urls: z.array(z.url()).default([]),
});

const labelsSchema = z.array(z.string().min(1)).min(2);

/** `models/<name>/model.json`: what a model is, apart from its weights. */
export const modelManifestSchema = z.object({
  name: modelNameSchema,
  version: modelVersionSchema,
  task: z.literal('image-classification'),
  description: z.string(),
  licence: z.string().min(1),
  source: z.record(z.string(), z.unknown()),
  weights: weightsSchema,
  signature: signatureSchema,
  preprocessing: imagePreprocessingSchema,
  postprocessing: classificationPostprocessingSchema,
  labels: labelsSchema,
  metrics: z.record(z.string(), z.unknown()).default({}),
  reference: z.record(z.string(), z.unknown()).default({}),
});
export type ModelManifest = z.infer<typeof modelManifestSchema>;

/**
 * A tensor that any language can build without an image: value i of the flat CHW image is
 * ((i * multiplier + offset) mod modulus) / divisor, then normalised by the manifest's `image_mean` and `image_std`.
 */
const tensorCaseSchema = z.object({
  multiplier: z.int().min(0),
  offset: z.int().min(0),
  modulus: z.int().positive(),
  divisor: z.number().positive(),
  shape: z.tuple([z.literal(1), z.literal(3), pixels, pixels]),
  /** the output that the manifest's postprocessing names, before any activation */
  logits: z.array(z.number()),
  /** the start of the output `embedding` */
  embedding_first_8: z.array(z.number()).optional(),
});
export type TensorCase = z.infer<typeof tensorCaseSchema>;

/** `models/<name>/golden.json`: inputs whose answers are known, and how near the model has to come. */
export const goldenSchema = z.object({
  /** of a confidence: image libraries decode and resample a little differently */
  tolerance: z.number().positive(),
  cases: z.array(
    z.object({ image: z.string(), label: z.string(), confidences: z.array(z.number().min(0).max(1)).optional() }),
  ),
  /** of an output's value: here nothing but the runtime's arithmetic differs */
  tensor_tolerance: z.number().positive().default(1e-4),
  tensor_cases: z.array(tensorCaseSchema).default([]),
});
export type Golden = z.infer<typeof goldenSchema>;

export const aliasSchema = z.enum(['champion', 'challenger', 'shadow', 'previous']);

/** A model version as the API shows it. */
export const modelVersionViewSchema = z
  .object({
    model: modelNameSchema,
    model_version: modelVersionSchema,
    aliases: z.array(aliasSchema),
    task: z.string(),
    description: z.string(),
    licence: z.string(),
    sha256,
    signature: signatureSchema,
    labels: labelsSchema,
    metrics: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'ModelVersion' });
export type ModelVersionView = z.infer<typeof modelVersionViewSchema>;

export const currentModelQuerySchema = z.object({
  model: modelNameSchema.optional().meta({ description: 'the stage names a default' }),
});

export const modelVersionsQuerySchema = z.object({
  model: modelNameSchema.optional().meta({ description: 'all models where absent' }),
});

export const modelVersionsSchema = z
  .object({ versions: z.array(modelVersionViewSchema) })
  .meta({ id: 'ModelVersions' });
