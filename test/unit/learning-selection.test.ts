import {
  type Candidate,
  crossValidate,
  type LabelledRows,
  logisticCandidate,
  nestedCrossValidate,
  type Split,
  selectModel,
  stratifiedFolds,
  sweep,
  trainTestSplit,
} from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';
import { aTable, someCustomers } from '../support/learning.ts';

const labels = Uint8Array.from({ length: 103 }, (_, i) => (i % 4 === 0 ? 1 : 0));
const positives = (rows: Uint32Array): number => rows.reduce((sum, row) => sum + labels[row]!, 0);
const heldOut = (splits: readonly Split[]): number[] => splits.flatMap(({ test }) => [...test]).sort((a, b) => a - b);

describe('stratified folds', () => {
  const splits = stratifiedFolds({ labels, folds: 5, seed: 1 });

  it('hold each row out once, and learn from all the others', () => {
    expect(heldOut(splits)).toEqual(Array.from(labels, (_, row) => row));
    for (const { train, test } of splits) {
      expect(train.length + test.length).toBe(labels.length);
      expect([...train].filter((row) => test.includes(row))).toEqual([]);
    }
  });

  it('share out each class evenly: 26 positives over 5 folds are 5 or 6 each', () => {
    expect(splits.map(({ test }) => positives(test)).sort()).toEqual([5, 5, 5, 5, 6]);
    expect(splits.map(({ test }) => test.length).sort()).toEqual([20, 20, 21, 21, 21]);
  });

  it('are the same for the same seed, others for another', () => {
    expect(stratifiedFolds({ labels, folds: 5, seed: 1 })).toEqual(splits);
    expect(stratifiedFolds({ labels, folds: 5, seed: 2 })).not.toEqual(splits);
  });

  it('keep groups whole, and the classes near their shares', () => {
    const groups = Array.from(labels, (_, row) => `g${Math.floor(row / 3)}`);

    const grouped = stratifiedFolds({ labels, groups, folds: 5, seed: 1 });

    expect(heldOut(grouped)).toEqual(Array.from(labels, (_, row) => row));
    for (const { train, test } of grouped) {
      const known = new Set(Array.from(train, (row) => groups[row]));
      expect(Array.from(test).filter((row) => known.has(groups[row]))).toEqual([]);
      expect(positives(test)).toBeGreaterThanOrEqual(4);
      expect(positives(test)).toBeLessThanOrEqual(7);
    }
  });

  it.each([
    ['one fold', { labels, folds: 1 }],
    ['half a fold', { labels, folds: 2.5 }],
    ['more folds than rows of a class', { labels: Uint8Array.of(0, 0, 0, 1), folds: 2 }],
    ['no rows', { labels: new Uint8Array(), folds: 2 }],
    ['groups of another length', { labels, folds: 2, groups: ['a'] }],
    ['fewer groups than folds', { labels, folds: 3, groups: Array.from(labels, (_, row) => `g${row % 2}`) }],
  ])('refuse %s', (_, options) => {
    expect(() => stratifiedFolds({ seed: 1, ...options })).toThrow(RangeError);
  });

  it('a split holds the share out', () => {
    const { train, test } = trainTestSplit({ labels, testShare: 0.2, seed: 3 });

    expect([test.length, train.length]).toEqual([21, 82]);
    expect(() => trainTestSplit({ labels, testShare: 0.8, seed: 3 })).toThrow(RangeError);
  });
});

/** Says the same of every row; the log loss of a constant is least at the share of the positives. */
const constant = (name: string, logOdds: number): Candidate => ({
  name,
  params: { logOdds },
  fit: () => ({ logOdds: (rows) => new Float64Array(rows.length).fill(logOdds) }),
});

const data: LabelledRows = { rows: Array.from(labels, () => ({})), labels };

describe('a sweep', () => {
  const splits = stratifiedFolds({ labels, folds: 5, seed: 1 });

  it('reports everything that it tried, and takes the simplest that is as good as the best', () => {
    const candidates = [constant('far', 2), constant('near', -1.05), constant('best', -1.09)];

    const { report } = sweep(candidates, { data, splits });

    expect(report.trials.map(({ name, params }) => [name, params.logOdds])).toEqual([
      ['far', 2],
      ['near', -1.05],
      ['best', -1.09],
    ]);
    expect(report.best).toBe(2);
    expect(report.chosen).toBe(1);
    expect(report.trials[2]!.behindBest).toEqual({ mean: 0, standardError: 0 });
  });

  it('gives mean and standard error as statistics has them', () => {
    const [trial] = sweep([constant('one', -1)], { data, splits }).report.trials;
    const { foldScores, mean, standardError } = trial!;

    const total = foldScores.reduce((sum, score) => sum + score, 0);
    const squares = foldScores.reduce((sum, score) => sum + (score - total / 5) ** 2, 0);
    expect(mean).toBeCloseTo(total / 5, 12);
    expect(standardError).toBeCloseTo(Math.sqrt(squares / 4 / 5), 12);
  });

  it('tells durations by the clock that it is handed, and none without', () => {
    let nowMs = 0;
    const now = () => (nowMs += 7);

    expect(sweep([constant('one', 0)], { data, splits }, { now }).report.trials[0]?.durationMs).toBe(7);
    expect(sweep([constant('one', 0)], { data, splits }).report.trials[0]).not.toHaveProperty('durationMs');
  });

  it.each([[[]], [[constant('same', 0), constant('same', 1)]]])(
    'refuses no candidates, or two of a name',
    (candidates) => {
      expect(() => sweep(candidates, { data, splits })).toThrow(RangeError);
    },
  );

  it('refuses a metric that a fold has too little data for', () => {
    const unfair = [{ train: Uint32Array.of(0, 1), test: Uint32Array.of(1, 2, 3) }];

    expect(() => crossValidate(constant('one', 0), { data, splits: unfair }, 'roc_auc')).toThrow('fold 0 has too few');
  });
});

describe('no fold learns from rows that it holds out', () => {
  /** Notes what it was shown and what it was asked, by the row's own number. */
  function spy() {
    const leaks: number[] = [];
    const candidate: Candidate = {
      name: 'spy',
      params: {},
      fit: (train) => {
        const known = new Set(train.rows.map(({ id }) => id));
        return {
          logOdds: (rows) => {
            leaks.push(...rows.filter(({ id }) => known.has(id!)).map(({ id }) => Number(id)));
            return Float64Array.from(rows, ({ id }) => Number(id) / 100 - 1);
          },
        };
      },
    };
    return { candidate, leaks };
  }
  const numbered: LabelledRows = { rows: Array.from(labels, (_, id) => ({ id })), labels };

  it('in cross-validation', () => {
    const { candidate, leaks } = spy();

    const { outOfFold } = crossValidate(
      candidate,
      { data: numbered, splits: stratifiedFolds({ labels, folds: 4, seed: 2 }) },
      'log_loss',
    );

    expect(leaks).toEqual([]);
    expect([...outOfFold]).toEqual(Array.from(labels, (_, id) => id / 100 - 1));
  });

  it('in nested cross-validation, inner folds and calibration included', () => {
    const { candidate, leaks } = spy();

    const { logOdds, folds } = nestedCrossValidate([candidate], numbered, { seed: 2, outerFolds: 3, folds: 3 });

    expect(leaks).toEqual([]);
    expect(folds).toHaveLength(3);
    expect([...logOdds]).toEqual(Array.from(labels, (_, id) => id / 100 - 1));
  });
});

describe('selecting a model', () => {
  const customers = someCustomers(400, 3);
  const candidates = [0.01, 1].map((C) => logisticCandidate(aTable(), { C }));

  it('gives the chosen candidate, fitted to all rows, and tells how it was chosen', () => {
    const found = selectModel(candidates, customers, { seed: 1, folds: 4 });

    expect(found.candidate.name).toBe('logistic C=1');
    expect(found.sweep.trials.map(({ name }) => name)).toEqual(['logistic C=0.01', 'logistic C=1']);
    expect(found.model.classifier.weights).toHaveLength(5);
    expect(found.outOfFold).not.toEqual(found.model.logOdds(customers.rows));
  });

  it('is the same every time', () => {
    const [one, two] = [1, 2].map(() => selectModel(candidates, customers, { seed: 1, folds: 4 }));

    expect(JSON.stringify(one)).toBe(JSON.stringify(two));
  });
});
