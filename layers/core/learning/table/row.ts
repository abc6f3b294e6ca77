/** One value of a table; null where it is missing. */
export type Cell = string | number | boolean | null;

/** One row of a table, by column; a column that is left out is missing. */
export type Row = Readonly<Record<string, Cell>>;

/** Rows whose outcome is known. */
export interface LabelledRows {
  readonly rows: readonly Row[];
  /** one for each row: 1 is the positive class, or the index of the class where there are more than two */
  readonly labels: Uint8Array;
  /** one for each row, where rows belong together (one customer's months) and no split may part them */
  readonly groups?: readonly string[];
}

/** The rows of the given indexes, in their order. */
export const subset = ({ rows, labels, groups }: LabelledRows, indexes: Uint32Array): LabelledRows => ({
  rows: Array.from(indexes, (index) => rows[index]!),
  labels: Uint8Array.from(indexes, (index) => labels[index]!),
  ...(groups ? { groups: Array.from(indexes, (index) => groups[index]!) } : {}),
});
