import * as z from 'zod';

const encoderSchema = z.object({
  numbers: z.array(z.object({ column: z.string(), median: z.number(), mean: z.number(), deviation: z.number() })),
  categories: z.array(z.object({ column: z.string(), categories: z.array(z.string()) })),
});

const calibrationSchema = z.discriminatedUnion('method', [
  z.object({ method: z.literal('none') }),
  z.object({ method: z.literal('platt'), slope: z.number(), intercept: z.number() }),
  z.object({ method: z.literal('isotonic'), thresholds: z.array(z.number()), values: z.array(z.number()) }),
]);

const numbers = z.array(z.number());

const treeSchema = z.object({
  output: z.int().min(0),
  feature: z.array(z.int()),
  threshold: numbers,
  left: z.array(z.int()),
  right: z.array(z.int()),
  missingLeft: z.array(z.int()),
  value: numbers,
  cover: numbers,
});

const treesSchema = z.object({
  kind: z.literal('trees'),
  /** a forest votes in probabilities: its SHAP values do not add up in log-odds */
  link: z.literal('logit'),
  columns: z.int().positive(),
  baseScores: numbers.length(1),
  trees: z.array(treeSchema),
});

const linearSchema = z.object({
  kind: z.literal('linear'),
  weights: numbers.min(1),
  intercept: z.number(),
  /** of the training rows' features, which a row is compared with */
  means: numbers.min(1),
});

/**
 * The parts of a tabular model as data, beside its ONNX file, which is made of the same: what exact SHAP values are
 * computed from. A retrained model may start from it.
 */
export const tabularExplainerSchema = z.object({
  encoder: encoderSchema,
  calibration: calibrationSchema,
  classifier: z.discriminatedUnion('kind', [treesSchema, linearSchema]),
});
export type TabularExplainer = z.infer<typeof tabularExplainerSchema>;
