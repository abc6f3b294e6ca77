import * as z from 'zod';

/** A row: the value of each column under its name; a missing one is null or absent. */
export const instanceSchema = z.record(
  z.string().max(200),
  z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]),
);
export type Instance = z.infer<typeof instanceSchema>;

/** How likely a row is positive, in words; a model says where they meet. */
export const segments = ['low', 'medium', 'high'] as const;
export type Segment = (typeof segments)[number];
