import {
  columnContributions,
  columnMeans,
  encode,
  featuresOf,
  linearShap,
  logisticCandidate,
  logisticLogOdds,
  permutationImportance,
  topReasons,
} from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';
import { aTable, matrix, someCustomers } from '../support/learning.ts';

const customers = someCustomers(300, 4);
const { encoder, classifier } = logisticCandidate(aTable()).fit(customers);
const features = encode(encoder, customers.rows);
const contributions = linearShap(classifier, columnMeans(features), features);

describe('linear SHAP', () => {
  it('is weight times distance from the mean, worked by hand', () => {
    const found = linearShap({ weights: [2, -1], intercept: 0.5 }, [1, 3], matrix(2, [4, 1]));

    expect(found.baseValue).toBe(-0.5);
    expect([...found.values]).toEqual([6, 2]);
  });

  it('adds up to the log-odds of each row', () => {
    const logOdds = logisticLogOdds(classifier, features);

    for (let row = 0; row < features.rows; row++) {
      const sums = columnContributions(featuresOf(encoder), contributions, row);
      const total = [...sums.values()].reduce((sum, value) => sum + value, contributions.baseValue);
      expect(Math.abs(total - logOdds[row]!)).toBeLessThan(1e-9);
    }
  });

  it('refuses means of other columns', () => {
    expect(() => linearShap(classifier, [1], features)).toThrow(RangeError);
    expect(() => columnMeans(matrix(1, []))).toThrow(RangeError);
  });
});

describe('reasons', () => {
  it('name each column of the table once', () => {
    const sums = columnContributions(featuresOf(encoder), contributions, 0);

    expect([...sums.keys()]).toEqual(['tenure', 'charges', 'senior', 'contract']);
  });

  it('are those that moved the row most, either way', () => {
    const moved = new Map([
      ['tenure', -1.5],
      ['charges', 0.1],
      ['contract', 0.7],
    ]);

    expect(topReasons({ tenure: 60, contract: 'monthly' }, moved, 2)).toEqual([
      { column: 'tenure', value: 60, contribution: -1.5 },
      { column: 'contract', value: 'monthly', contribution: 0.7 },
    ]);
  });

  it('refuse a row that is not there', () => {
    expect(() => columnContributions(featuresOf(encoder), contributions, 300)).toThrow(RangeError);
  });
});

describe('permutation importance', () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({ a: i, b: (i * 7) % 13, useless: i % 5 }));
  const target = rows.map(({ a, b }) => a + 10 * b);
  const score = (given: typeof rows) =>
    given.reduce((sum, { a, b }, i) => sum + (a + 10 * b - target[i]!) ** 2, 0) / given.length;
  const permuted = {
    rows,
    columns: ['useless', 'b', 'a'],
    better: 'lower' as const,
    score: (given: readonly object[]) => score(given as typeof rows),
  };

  it('of an exact sum is twice the variance of each part', () => {
    const found = permutationImportance(permuted, { repeats: 50, seed: 1 });

    // E (x - x')^2 = 2 Var(x): 2 * 3333 for a, 2 * 100 * 14 for b; nothing reads the last.
    expect(found.map(({ column }) => column)).toEqual(['a', 'b', 'useless']);
    expect(found[0]!.mean / (2 * 3333)).toBeCloseTo(1, 1);
    expect(found[1]!.mean / (2 * 100 * 14)).toBeCloseTo(1, 1);
    expect(found[2]).toEqual({ column: 'useless', mean: 0, deviation: 0 });
  });

  it('is the same for the same seed', () => {
    expect(permutationImportance(permuted, { seed: 2 })).toEqual(permutationImportance(permuted, { seed: 2 }));
  });

  it('refuses no repeats', () => {
    expect(() => permutationImportance(permuted, { repeats: 0, seed: 2 })).toThrow(RangeError);
  });
});
