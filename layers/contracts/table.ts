import * as z from 'zod';

const columnNameSchema = z.string().min(1).max(128);

/** What becomes of a value that the column does not allow: the row is refused, or predicted and counted. */
const strictnessSchema = z.enum(['reject', 'warn']);

const anyColumn = {
  name: columnNameSchema,
  description: z.string().optional(),
  /** whether a row may leave the value out, or have null there */
  nullable: z.boolean().default(false),
};

const numberColumnSchema = z
  .object({
    ...anyColumn,
    type: z.enum(['numeric', 'integer']),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    out_of_range: strictnessSchema.default('reject'),
  })
  .refine(({ minimum, maximum }) => minimum === undefined || maximum === undefined || minimum <= maximum, {
    error: 'minimum is above maximum',
    path: ['minimum'],
  });

const categoricalColumnSchema = z.object({
  ...anyColumn,
  type: z.literal('categorical'),
  /** no empty string: on a model's string input, that is the missing value */
  categories: z
    .array(z.string().min(1))
    .min(1)
    .refine((categories) => new Set(categories).size === categories.length, 'a category is named twice'),
  unknown_category: strictnessSchema.default('reject'),
});

const booleanColumnSchema = z.object({ ...anyColumn, type: z.literal('boolean') });

/** A column that a model may learn from. */
export const columnSchema = z.discriminatedUnion('type', [
  numberColumnSchema,
  categoricalColumnSchema,
  booleanColumnSchema,
]);
export type Column = z.infer<typeof columnSchema>;

const targetSchema = z
  .object({
    column: columnNameSchema,
    /** as text: a boolean target has the classes `false` and `true` */
    classes: z
      .array(z.string().min(1))
      .min(2)
      .refine((classes) => new Set(classes).size === classes.length, 'a class is named twice'),
    /** the class whose probability is predicted, where there are two */
    positive_class: z.string(),
  })
  .refine(({ classes, positive_class }) => classes.includes(positive_class), {
    error: 'expected one of the classes',
    path: ['positive_class'],
  });
export type TableTarget = z.infer<typeof targetSchema>;

interface NamedColumns {
  readonly columns: readonly Column[];
  readonly target: TableTarget;
  readonly id_column?: string | undefined;
  readonly excluded_columns: readonly { readonly name: string }[];
}

/** Every column that a row of the table may have. */
export const columnNamesOf = ({ columns, target, id_column, excluded_columns }: NamedColumns): string[] => [
  ...columns.map(({ name }) => name),
  target.column,
  ...(id_column === undefined ? [] : [id_column]),
  ...excluded_columns.map(({ name }) => name),
];

/** A table to learn from: what each column may hold, what is predicted, and what must not be learnt from. */
export const tableSchema = z
  .object({
    /** the features, in the order in which people read them */
    columns: z.array(columnSchema).min(1),
    target: targetSchema,
    /** tells rows apart; never a feature */
    id_column: columnNameSchema.optional(),
    /** columns that the table has and no model may learn from: they leak the target, or must not matter */
    excluded_columns: z.array(z.object({ name: columnNameSchema, reason: z.string().min(1) })).default([]),
    /** columns by whose groups a model's quality is reported; features too, unless they are excluded */
    protected_columns: z.array(columnNameSchema).default([]),
    /** what is known of columns that come to be only after the outcome */
    leakage_notes: z.array(z.string().min(1)).default([]),
  })
  .refine((table) => new Set(columnNamesOf(table)).size === columnNamesOf(table).length, {
    error: 'a column is named twice',
    path: ['columns'],
  })
  .refine((table) => table.protected_columns.every((name) => columnNamesOf(table).includes(name)), {
    error: 'expected names of columns of the table',
    path: ['protected_columns'],
  })
  .meta({ id: 'TableSchema' });
export type TableSchema = z.infer<typeof tableSchema>;
