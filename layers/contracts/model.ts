import * as z from 'zod';
import { instanceSchema } from './instance.ts';
import { modelNameSchema, modelVersionSchema } from './prediction.ts';
import { tableSchema } from './table.ts';
import { tabularTrainingSchema } from './training.ts';

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

/** What every model is, whatever its task. */
const anyManifest = {
  name: modelNameSchema,
  version: modelVersionSchema,
  description: z.string(),
  licence: z.string().min(1),
  source: z.record(z.string(), z.unknown()),
  weights: weightsSchema,
  signature: signatureSchema,
  metrics: z.record(z.string(), z.unknown()).default({}),
  reference: z.record(z.string(), z.unknown()).default({}),
};

export const imageManifestSchema = z.object({
  ...anyManifest,
  task: z.literal('image-classification'),
  preprocessing: imagePreprocessingSchema,
  postprocessing: classificationPostprocessingSchema,
  labels: labelsSchema,
});
export type ImageManifest = z.infer<typeof imageManifestSchema>;

const probability = z.number().min(0).max(1);

export const tabularPostprocessingSchema = z.object({
  /** a row of at least this probability gets the positive class */
  decision_threshold: probability,
  /** the probabilities from which a row's segment is medium, or high */
  segments: z.object({ medium: probability, high: probability }).refine(({ medium, high }) => medium <= high, {
    error: 'medium is above high',
    path: ['medium'],
  }),
});

/** A file that a model needs beside its weights. */
export const artefactFileSchema = z.object({
  file: z.string().regex(/^[\w][\w.-]*$/, 'expected the name of a file'),
  sha256,
  bytes: z.int().positive(),
});
export type ArtefactFile = z.infer<typeof artefactFileSchema>;

/** A model of two classes over the columns of a table; its inputs are named for the columns. */
export const tabularManifestSchema = z
  .object({
    ...anyManifest,
    task: z.literal('tabular-classification'),
    table: tableSchema,
    postprocessing: tabularPostprocessingSchema,
    /** the model's parts as data (`tabularExplainerSchema`): what its predictions are explained from */
    explainer: artefactFileSchema,
    training: tabularTrainingSchema.prefault({}),
    /** the two classes of the target */
    labels: z.tuple([z.string().min(1), z.string().min(1)]),
  })
  .refine(({ table, labels }) => table.target.classes.join('\n') === labels.join('\n'), {
    error: "expected the classes of the table's target, in their order",
    path: ['labels'],
  })
  .refine(({ table, signature }) => sameNames(table.columns, signature.inputs), {
    error: "expected one input for each of the table's columns, by its name",
    path: ['signature', 'inputs'],
  });
export type TabularManifest = z.infer<typeof tabularManifestSchema>;

type Named = readonly { readonly name: string }[];

const sameNames = (a: Named, b: Named): boolean =>
  a.length === b.length && a.every(({ name }) => b.some((other) => other.name === name));

/** `models/<name>/model.json`: what a model is, apart from its weights. The task decides what else it states. */
export const modelManifestSchema = z.discriminatedUnion('task', [imageManifestSchema, tabularManifestSchema]);
export type ModelManifest = z.infer<typeof modelManifestSchema>;

export const taskSchema = z.enum(['image-classification', 'tabular-classification'] satisfies ModelManifest['task'][]);
export type Task = z.infer<typeof taskSchema>;

/** The files that a model needs beside its weights. */
export const artefactsOf = (manifest: ModelManifest): readonly ArtefactFile[] =>
  'explainer' in manifest ? [manifest.explainer] : [];

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

const instanceCaseSchema = z.object({ instance: instanceSchema, probability });
export type InstanceCase = z.infer<typeof instanceCaseSchema>;

/** `models/<name>/golden.json`: inputs whose answers are known, and how near the model has to come. */
export const goldenSchema = z.object({
  /** of a confidence: image libraries decode and resample a little differently */
  tolerance: z.number().positive().default(0.02),
  cases: z
    .array(z.object({ image: z.string(), label: z.string(), confidences: z.array(probability).optional() }))
    .default([]),
  /** of an output's value: here nothing but the runtime's arithmetic differs */
  tensor_tolerance: z.number().positive().default(1e-4),
  tensor_cases: z.array(tensorCaseSchema).default([]),
  /** of a probability */
  instance_tolerance: z.number().positive().default(1e-5),
  /** rows of a table, each with the probability of the positive class */
  instance_cases: z.array(instanceCaseSchema).default([]),
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
    table: tableSchema.optional().meta({ description: 'of a tabular model: what its rows may hold' }),
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
