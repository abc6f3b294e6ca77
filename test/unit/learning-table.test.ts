import { tableSchema } from '@kilat/contracts';
import { binaryLabels, classLabels, rowFromText, validateRows } from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';
import { aRow, aTable } from '../support/learning.ts';

describe('a table schema', () => {
  it.each([
    ['a column named twice', { id_column: 'tenure' }],
    ['a positive class that is none', { target: { column: 'left', classes: ['no', 'yes'], positive_class: 'maybe' } }],
    ['a single class', { target: { column: 'left', classes: ['yes'], positive_class: 'yes' } }],
    ['a protected column that it does not have', { protected_columns: ['age'] }],
    ['no columns', { columns: [] }],
    ['a minimum above the maximum', { columns: [{ name: 'a', type: 'numeric', minimum: 2, maximum: 1 }] }],
    ['a category named twice', { columns: [{ name: 'a', type: 'categorical', categories: ['x', 'x'] }] }],
    ['an empty category', { columns: [{ name: 'a', type: 'categorical', categories: [''] }] }],
  ])('refuses %s', (_, changes) => {
    const found = tableSchema.safeParse({ ...aTable(), ...changes });

    expect(found.success).toBe(false);
  });

  it('lets excluded columns be protected: they are reported on without being learnt from', () => {
    const excluded_columns = [{ name: 'gender', reason: 'must not matter' }];

    const found = tableSchema.safeParse({ ...aTable(), excluded_columns, protected_columns: ['gender', 'senior'] });

    expect(found.success).toBe(true);
  });
});

describe('validateRows', () => {
  it('finds nothing in rows that fit, with or without id and target', () => {
    const report = validateRows(aTable(), [aRow(), aRow({ id: 'c-2', left: 'yes', charges: null })]);

    expect(report).toEqual({ rows: 2, errorCount: 0, errors: [], warnings: [] });
  });

  it.each([
    ['tenure', 73, '73 is too big; the maximum is 72'],
    ['tenure', -1, '-1 is too small; the minimum is 0'],
    ['tenure', 1.5, '1.5 is not a whole number'],
    ['tenure', null, 'missing value; expected a whole number'],
    ['charges', '70.5', "'70.5' is not a finite number"],
    ['charges', Number.NaN, 'NaN is not a finite number'],
    ['contract', 7, "7 is not one of 'monthly', 'yearly'"],
    ['contract', '', "'' is not one of 'monthly', 'yearly'"],
    ['senior', 1, '1 is not true or false'],
    ['age', 40, 'unknown column'],
  ])('refuses a %s of %s', (column, value, detail) => {
    const report = validateRows(aTable(), [aRow(), { ...aRow(), [column]: value }]);

    expect(report.errors).toEqual([{ row: 1, pointer: `/1/${column}`, detail }]);
  });

  it('counts per column what it only warns of', () => {
    const rows = [aRow({ contract: 'weekly' }), aRow({ contract: 'daily' }), aRow({ charges: -1 })];

    const { errorCount, warnings } = validateRows(aTable(), rows);

    expect(errorCount).toBe(0);
    expect(warnings.map(({ column, rule, count }) => [column, rule, count])).toEqual([
      ['contract', 'category', 2],
      ['charges', 'range', 1],
    ]);
  });

  it.each([[null], [[]], ['row'], [7]])('refuses %j in the place of a row', (row) => {
    expect(validateRows(aTable(), [row]).errors[0]).toMatchObject({ row: 0, pointer: '/0' });
  });

  it('escapes what a JSON pointer reserves', () => {
    const { errors } = validateRows(aTable(), [aRow({ 'a/b~c': 1 })]);

    expect(errors[0]?.pointer).toBe('/0/a~1b~0c');
  });

  it('tells the first errors and counts them all', () => {
    const report = validateRows(
      aTable(),
      Array.from({ length: 9 }, () => aRow({ tenure: -1 })),
      2,
    );

    expect(report.errorCount).toBe(9);
    expect(report.errors.map(({ row }) => row)).toEqual([0, 1]);
  });
});

describe('rowFromText', () => {
  it('reads text in the types of the columns, blank as missing', () => {
    const row = rowFromText(aTable(), { tenure: ' 12 ', charges: ' ', contract: 'monthly', senior: '1', id: '0042' });

    expect(row).toEqual({ tenure: 12, charges: null, contract: 'monthly', senior: true, id: '0042' });
  });

  it('leaves text that is no value of its type, for the validation to find', () => {
    const row = rowFromText(aTable(), {
      tenure: 'twelve',
      charges: 'Infinity',
      contract: 'monthly',
      senior: 'perhaps',
    });

    expect(validateRows(aTable(), [row]).errors.map(({ pointer }) => pointer)).toEqual([
      '/0/tenure',
      '/0/charges',
      '/0/senior',
    ]);
  });
});

describe('labels', () => {
  const target = { column: 'left', classes: ['yes', 'no'], positive_class: 'yes' };

  it('are 1 for the positive class, wherever it stands among the classes', () => {
    expect([...binaryLabels(target, [{ left: 'yes' }, { left: 'no' }])]).toEqual([1, 0]);
  });

  it('read a boolean or a number as the text that names its class', () => {
    const states = { column: 'state', classes: ['false', 'true', '2'], positive_class: 'true' };

    expect([...classLabels(states, [{ state: true }, { state: 2 }, { state: false }])]).toEqual([1, 2, 0]);
  });

  it.each([[{}], [{ left: null }], [{ left: 'perhaps' }]])('refuse the row %j and name it', (row) => {
    expect(() => binaryLabels(target, [{ left: 'no' }, row])).toThrow(/^row 1 has .* allowed are yes, no$/);
  });
});
