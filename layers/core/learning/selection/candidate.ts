import type { LabelledRows, Row } from '../table/row.ts';

/** A model of two classes over rows of a table, its encoder inside. */
export interface TabularModel {
  /** log-odds of the positive class, one for each row */
  logOdds(rows: readonly Row[]): Float64Array;
}

/**
 * A way to make a model. Whatever it learns, it learns of the rows that it is handed: encoder, weights, early stopping.
 */
export interface Candidate<Model extends TabularModel = TabularModel> {
  readonly name: string;
  /** what sets it apart, for the report */
  readonly params: Readonly<Record<string, string | number | boolean>>;
  readonly fit: (train: LabelledRows) => Model;
}
