import type { TableSchema, TabularTraining } from '@kilat/contracts';
import type { Dataset } from '../dataset.ts';

/** What the expectations of a table look at. */
export interface TableChecks {
  readonly table: TableSchema;
  readonly limits: TabularTraining['limits'];
  readonly dataset: Dataset;
}
