import type { Expectation } from '@kilat/contracts';
import { tableExpectations } from '@kilat/core';
import type { Row } from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';
import { aDataset, aTableOfCustomers, customers, limitsOf } from '../../support/dataset.ts';

const check = (rows: readonly Row[], table = aTableOfCustomers(), limits = limitsOf()): Expectation[] =>
  tableExpectations({ table, limits, dataset: aDataset(rows) });

const notMet = (expectations: readonly Expectation[]): Expectation[] => expectations.filter(({ passed }) => !passed);

/** Three hundred customers, with what is changed of the first ten. */
const changed = (change: (row: Row, index: number) => Row, count = 10): Row[] =>
  customers(300).map((row, index) => (index < count ? change(row, index) : row));

describe('the expectations of a table', () => {
  it('are met by rows that differ, of which a third has the positive class', () => {
    expect(notMet(check(customers(300)))).toEqual([]);
  });

  it('are at least ten, each by a name of its own', () => {
    const names = check(customers(300)).map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(10);
  });

  it.each([
    ['an unknown column', (row: Row) => ({ ...row, age: 40 }), 'known_columns', 'error'],
    ['a class that the target does not have', (row: Row) => ({ ...row, left: 'perhaps' }), 'target_classes', 'error'],
    ['a row without its outcome', (row: Row) => ({ ...row, left: null }), 'target_classes', 'error'],
    ['text where a number belongs', (row: Row) => ({ ...row, tenure: 'long' }), 'types', 'error'],
    ['half a month where a whole number belongs', (row: Row) => ({ ...row, tenure: 1.5 }), 'types', 'error'],
    ['a missing value where one is needed', (row: Row) => ({ ...row, tenure: null }), 'required_values', 'error'],
    ['a value above the range', (row: Row) => ({ ...row, tenure: 73 }), 'ranges', 'error'],
    ['a value below a range that warns', (row: Row) => ({ ...row, charges: -1 }), 'ranges', 'warning'],
    [
      'a category that the table does not have',
      (row: Row) => ({ ...row, contract: 'never' }),
      'allowed_values',
      'error',
    ],
    ['a row without its id', (row: Row) => ({ ...row, id: null }), 'ids_present', 'error'],
    ['an id that another row has', (row: Row) => ({ ...row, id: 'c-299' }), 'ids_unique', 'error'],
  ] as const)('name %s', (_, change, name, severity) => {
    const found = notMet(check(changed(change)));

    expect(found.map((one) => [one.name, one.severity])).toEqual([[name, severity]]);
  });

  it('count the rows that break a rule, and tell the first', () => {
    const [found] = notMet(check(changed((row) => ({ ...row, contract: 'never' }))));

    expect(found).toMatchObject({ column: 'contract' });
    expect(found!.detail).toBe(
      "10 of 300 rows; the first: unknown category 'never'; expected one of 'monthly', 'yearly'",
    );
  });

  it('name a column without any value', () => {
    const found = notMet(check(changed((row) => ({ ...row, charges: null }), 300)));

    expect(found.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['present_columns', 'missing_values', 'varying_columns']),
    );
  });

  it('spare columns that no model learns from, whether they are there or not', () => {
    const table = aTableOfCustomers({ excluded_columns: [{ name: 'reason', reason: 'told by those who left' }] });
    const withReason = customers(300).map((row) => ({ ...row, reason: row.left === 'yes' ? 'price' : null }));

    expect(notMet(check(customers(300), table))).toEqual([]);
    expect(notMet(check(withReason, table))).toEqual([]);
  });

  it('name too few rows, and too few of a class', () => {
    const found = notMet(check(customers(60)));

    expect(found.map(({ name, detail }) => [name, detail])).toEqual([
      ['row_count', '60 rows; at least 200 are needed'],
      ['class_rows', "'yes' has 20 rows; at least 30 are needed"],
    ]);
  });

  it('warn of a class that is rare', () => {
    const rows = customers(4000).map((row, index) => ({ ...row, left: index % 125 === 0 ? 'yes' : 'no' }));

    expect(notMet(check(rows)).map(({ name }) => name)).toEqual(['class_balance', 'held_out_classes']);
  });

  it('warn of a column that never varies', () => {
    const found = notMet(check(customers(300).map((row) => ({ ...row, contract: 'yearly' }))));

    expect(found).toMatchObject([{ name: 'varying_columns', severity: 'warning' }]);
  });
});

describe('the expectation that no column leaks the target', () => {
  it.each([
    ['a copy of the target', (row: Row) => row.left!],
    ['a copy under other names', (row: Row) => (row.left === 'yes' ? 'b' : 'a')],
    ['numbers of which the classes have their own', (row: Row, i: number) => (row.left === 'yes' ? 1000 + i : i)],
    ['codes that do not rise with the target', (row: Row, i: number) => (row.left === 'yes' ? 2 : 1 + 2 * (i % 2))],
    ['a value that is missing for one class alone', (row: Row) => (row.left === 'yes' ? null : 5)],
  ])('is broken by %s', (_, leak) => {
    const rows = customers(300).map((row, index) => ({ ...row, leak: leak(row, index) }));

    const found = notMet(check(rows)).filter(({ name }) => name === 'no_leakage');

    expect(found).toMatchObject([{ column: 'leak', severity: 'error' }]);
  });

  it('is met by a column that tells every row apart, and so none of those to come', () => {
    const rows = customers(300).map((row, index) => ({ ...row, serial: `s-${index}` }));

    expect(notMet(check(rows)).map(({ name }) => name)).toEqual(['known_columns']);
  });

  it('is met by a column that copies the target for nine rows in ten', () => {
    const rows = customers(3000).map((row, index) => ({
      ...row,
      contract: (row.left === 'yes') === (index % 10 !== 0) ? 'monthly' : 'yearly',
    }));

    expect(notMet(check(rows)).map(({ name }) => name)).toEqual([]);
  });
});

describe('the expectations of rows that repeat', () => {
  it('are broken where one class was drawn again before the split', () => {
    const rows = customers(300);
    const again = rows.filter(({ left }) => left === 'yes').map((row, index) => ({ ...row, id: `again-${index}` }));

    const names = notMet(check([...rows, ...again])).map(({ name }) => name);

    expect(names).toEqual(['duplicate_rows', 'not_resampled', 'held_out_apart']);
  });

  it('only warn of copies of both classes that lie on one side of the split', () => {
    const rows = customers(300);
    const again = rows.slice(0, 30).map((row, index) => ({ ...row, id: `again-${index}` }));
    const dataset = aDataset([...rows, ...again], {
      heldOut: Uint8Array.from({ length: 330 }, (_, i) => (i >= 240 && i < 300 ? 1 : 0)),
    });

    const found = tableExpectations({ table: aTableOfCustomers(), limits: limitsOf(), dataset });

    expect(notMet(found)).toMatchObject([{ name: 'duplicate_rows', severity: 'warning' }]);
  });
});
