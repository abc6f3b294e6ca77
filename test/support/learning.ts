import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TableSchema, tableSchema } from '@kilat/contracts';
import type { LabelledRows, Matrix, Row } from '@kilat/core/learning';
import { seededRandom } from '@kilat/core/learning';

/** What scikit-learn and scipy make of the same data; test/support/golden/learning.py wrote it. */
export const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/learning.json'), 'utf8'));

export const matrix = (columns: number, values: readonly number[]): Matrix => ({
  rows: values.length / columns,
  columns,
  values: Float32Array.from(values),
});

/** A small table of customers who leave or stay. */
export const aTable = (changes: Partial<Parameters<typeof tableSchema.parse>[0] & object> = {}): TableSchema =>
  tableSchema.parse({
    columns: [
      { name: 'tenure', type: 'integer', minimum: 0, maximum: 72 },
      { name: 'charges', type: 'numeric', nullable: true, minimum: 0, out_of_range: 'warn' },
      { name: 'contract', type: 'categorical', categories: ['monthly', 'yearly'], unknown_category: 'warn' },
      { name: 'senior', type: 'boolean' },
    ],
    target: { column: 'left', classes: ['no', 'yes'], positive_class: 'yes' },
    id_column: 'id',
    ...changes,
  });

export const aRow = (changes: Row = {}): Row => ({
  tenure: 12,
  charges: 70.5,
  contract: 'monthly',
  senior: false,
  ...changes,
});

/** Customers who leave the sooner the shorter their tenure and contract; the seed makes them. */
export function someCustomers(count: number, seed: number): LabelledRows {
  const random = seededRandom(seed);
  const rows = Array.from({ length: count }, () =>
    aRow({
      tenure: random.int(73),
      charges: random.next() < 0.1 ? null : 20 + 100 * random.next(),
      contract: random.next() < 0.6 ? 'monthly' : 'yearly',
      senior: random.next() < 0.2,
    }),
  );
  const labels = Uint8Array.from(rows, ({ tenure, contract }) => {
    const logOdds = 0.5 - Number(tenure) / 24 + (contract === 'monthly' ? 1 : -1);
    return random.next() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
  });
  return { rows, labels };
}

/** The largest difference of two lists, number by number. */
export function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Math.max(0, ...Array.from(found, (value, i) => Math.abs(value - expected[i]!)));
}
