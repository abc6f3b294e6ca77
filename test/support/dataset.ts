import { type TableSchema, tableSchema, tabularTrainingSchema } from '@kilat/contracts';
import type { Dataset, RowOrigin } from '@kilat/core';
import type { Row } from '@kilat/core/learning';

/** A table of customers with an id. */
export const aTableOfCustomers = (changes: object = {}): TableSchema =>
  tableSchema.parse({
    columns: [
      { name: 'tenure', type: 'integer', minimum: 0, maximum: 72 },
      { name: 'charges', type: 'numeric', nullable: true, minimum: 0, out_of_range: 'warn' },
      { name: 'contract', type: 'categorical', categories: ['monthly', 'yearly'] },
    ],
    target: { column: 'left', classes: ['no', 'yes'], positive_class: 'yes' },
    id_column: 'id',
    ...changes,
  });

/** Every one different; a third of them left, whatever else is known of them. */
export const customers = (count: number): Row[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `c-${index}`,
    tenure: (index * 7) % 73,
    charges: 20 + ((index * 37) % 1009) / 10,
    contract: index % 2 === 0 ? 'monthly' : 'yearly',
    left: index % 3 === 0 ? 'yes' : 'no',
  }));

/** Every fifth row is held out. */
export const aDataset = (rows: readonly Row[], changes: Partial<Dataset> = {}): Dataset => ({
  columns: [],
  rows,
  heldOut: Uint8Array.from(rows, (_, index) => (index % 5 === 4 ? 1 : 0)),
  origins: rows.map((): RowOrigin => 'source'),
  ...changes,
});

export const limitsOf = (changes: object = {}) => tabularTrainingSchema.parse({ limits: changes }).limits;
