import { tableSchema } from '@kilat/contracts';
import { encode, featuresOf, fitEncoder } from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';
import { aRow, aTable, golden, largestDifference } from '../support/learning.ts';

const { encoder: reference } = golden;
const schema = tableSchema.parse({
  columns: [
    { name: 'tenure', type: 'integer' },
    { name: 'contract', type: 'categorical', categories: ['One year'], unknown_category: 'warn' },
    { name: 'charges', type: 'numeric', nullable: true },
    { name: 'gender', type: 'categorical', categories: ['b'], unknown_category: 'warn' },
    { name: 'constant', type: 'numeric' },
  ],
  target: { column: 'left', classes: ['no', 'yes'], positive_class: 'yes' },
});

describe("an encoder beside scikit-learn's SimpleImputer, StandardScaler and OneHotEncoder", () => {
  const state = fitEncoder(schema, reference.train);

  it('learns the same medians, means, deviations and categories', () => {
    const order = ['tenure', 'charges', 'constant'].map((name) => state.numbers.find(({ column }) => column === name)!);

    expect(order.map(({ median }) => median)).toEqual(reference.median);
    expect(
      largestDifference(
        order.map(({ mean }) => mean),
        reference.mean,
      ),
    ).toBeLessThan(1e-12);
    expect(
      largestDifference(
        order.map(({ deviation }) => deviation),
        reference.scale,
      ),
    ).toBeLessThan(1e-12);
    expect(state.categories.map(({ categories }) => categories)).toEqual(reference.categories);
  });

  it('makes the same features, missing numbers and unknown categories among them, but for float32', () => {
    const { values } = encode(state, reference.other);

    expect(largestDifference(values, reference.encoded.flat())).toBeLessThan(1e-6);
  });
});

describe('an encoder', () => {
  it('names its features by column and category, numbers first', () => {
    const state = fitEncoder(aTable(), [aRow(), aRow({ contract: 'yearly' })]);

    expect(featuresOf(state).map(({ name }) => name)).toEqual([
      'tenure',
      'charges',
      'senior',
      'contract=monthly',
      'contract=yearly',
    ]);
  });

  it('takes true as 1, false as 0', () => {
    const state = fitEncoder(aTable(), [aRow({ senior: true }), aRow({ senior: false })]);

    expect([...encode(state, [aRow({ senior: true })]).values].at(2)).toBe(1);
  });

  it('makes zeros of a missing category and of a column that has no value at all', () => {
    const state = fitEncoder(aTable(), [aRow({ charges: null }), aRow({ charges: null })]);

    const { values } = encode(state, [aRow({ charges: null, contract: null })]);

    expect([...values]).toEqual([0, 0, 0, 0]);
  });

  it('is plain data: what was read back from JSON encodes alike', () => {
    const state = fitEncoder(schema, reference.train);

    const read = JSON.parse(JSON.stringify(state));

    expect(encode(read, reference.other)).toEqual(encode(state, reference.other));
  });

  it('refuses to learn from no rows', () => {
    expect(() => fitEncoder(aTable(), [])).toThrow(RangeError);
  });

  it.each([
    ['charges', 'much', /"much" in the column 'charges'/],
    ['contract', 12, /12 in the column 'contract'/],
  ])('refuses a %s of another type', (column, value, message) => {
    expect(() => fitEncoder(aTable(), [aRow({ [column]: value })])).toThrow(message);
  });
});
