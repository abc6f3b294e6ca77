import * as z from 'zod';

const share = z.number().gt(0).lt(1);

/** What a mistake costs beside being right, in one unit. */
const costsSchema = z.object({ false_positive: z.number().positive(), false_negative: z.number().positive() });

/** How a tabular model is trained; `training` in its model.json, where every setting has a default. */
export const tabularTrainingSchema = z.strictObject({
  /** the kinds of model that are tried; a forest is none of them, for its mean of shares has no exact reasons in log-odds */
  families: z
    .array(z.enum(['logistic', 'boosting']))
    .min(1)
    .default(['logistic', 'boosting']),
  /** how many settings of each kind are tried: one, or several */
  search: z.enum(['narrow', 'wide']).default('wide'),
  /** of each of the two loops of nested cross-validation */
  folds: z.int().min(2).max(10).default(5),
  /** absent: the threshold is that of the highest F1, for nobody can say what mistakes cost */
  costs: costsSchema.optional(),
  /** how many of the rows are to be in the upper segments */
  segment_shares: z.object({ medium: share, high: share }).default({ medium: 0.3, high: 0.1 }),
  /** what the data has to be like */
  limits: z
    .object({
      min_rows: z.int().min(50).default(200),
      /** of the rarest class */
      min_class_rows: z.int().min(10).default(30),
      min_class_share: share.default(0.01),
      /** of a column's values that may be missing */
      max_missing_share: share.default(0.5),
      /** of the rows that may be the same as another, ids apart */
      max_duplicate_share: share.default(0.05),
      /** how often rows of one class may be copies before it counts as resampled: this much above the other class */
      max_copied_share_gap: share.default(0.05),
      /** of one column by itself, from which on it is taken for a leak */
      leak_auc: z.number().gt(0.5).max(1).default(0.99),
    })
    .prefault({}),
});
export type TabularTraining = z.infer<typeof tabularTrainingSchema>;

/** A column's share of rows by bin or category when the model was trained: what drift is measured from. */
export const referenceColumnSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('numeric'),
    column: z.string(),
    /** inner edges, rising: a value belongs to the first bin whose edge is not below it */
    edges: z.array(z.number()),
    /** one more than edges */
    counts: z.array(z.int()),
    missing: z.int(),
  }),
  z.object({
    kind: z.literal('categorical'),
    column: z.string(),
    categories: z.array(z.string()),
    /** of the categories, in their order, and one more: all others */
    counts: z.array(z.int()),
    missing: z.int(),
  }),
]);
export type ReferenceColumn = z.infer<typeof referenceColumnSchema>;

/** `reference` in the manifest of a trained tabular model. */
export const referenceSchema = z.object({
  rows: z.int().positive(),
  columns: z.array(referenceColumnSchema),
  /** predicted on held-out rows */
  label: z.array(z.object({ label: z.string(), count: z.int() })),
  /** of the probability on held-out rows, in bins of equal width over [0, 1] */
  confidence: z.object({ edges: z.array(z.number()), counts: z.array(z.int()) }),
});
export type Reference = z.infer<typeof referenceSchema>;
