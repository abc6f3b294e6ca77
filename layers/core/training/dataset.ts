import type { Row } from '../learning/index.ts';

/** A column of canonical rows; text is what is neither number nor boolean. */
export interface DatasetColumn {
  readonly name: string;
  readonly type: 'number' | 'boolean' | 'text';
}

/** Where a row came from. */
export const rowOrigins = ['source', 'feedback'] as const;
export type RowOrigin = (typeof rowOrigins)[number];

/** What a model is trained on and held against: canonical rows, in the order of their snapshot. */
export interface Dataset {
  readonly columns: readonly DatasetColumn[];
  /** every row has every column, null where it is missing */
  readonly rows: readonly Row[];
  /** one for each row: 1 where it is held out, and nothing may learn from it */
  readonly heldOut: Uint8Array;
  /** one for each row */
  readonly origins: readonly RowOrigin[];
}

/** The rows that may be learnt from, or those held out, in the dataset's order. */
export const rowsOf = ({ rows, heldOut }: Dataset, part: 'training' | 'held-out'): Row[] =>
  rows.filter((_, index) => heldOut[index] === (part === 'held-out' ? 1 : 0));
