import {
  type Candidate,
  calibrateAll,
  exportTabularModel,
  fitCalibration,
  fitGradientBoosting,
  fitRandomForest,
  logisticCandidate,
  type Row,
  rawScores,
  selectModel,
  type TabularModel,
  type TabularModelParts,
  treeCandidate,
  withExactSums,
} from '@kilat/core/learning';
import { InvalidOnnxGraphError } from '@kilat/core/onnx';
import { describe, expect, it } from 'vitest';
import { aRow, aTable, largestDifference, matrix, someCustomers } from '../support/learning.ts';
import { type RunInput, runOnnx } from '../support/onnx-run.ts';

const customers = someCustomers(400, 5);
const unknown = [aRow({ contract: 'weekly' }), aRow({ contract: null, charges: null }), aRow({ charges: 500 })];
const rows = [...someCustomers(200, 6).rows, ...unknown];

const boosting = treeCandidate(aTable(), { name: 'boosting', params: {} }, (set) =>
  fitGradientBoosting(set, { iterations: 20 }),
);
const forest = treeCandidate(aTable(), { name: 'forest', params: {} }, (set) => fitRandomForest(set, { trees: 20 }));

function inputsOf(given: readonly Row[]): Record<string, RunInput> {
  const numbers = (name: string): RunInput => [
    Float32Array.from(given, (row) => (row[name] === null ? Number.NaN : Number(row[name]))),
    [given.length, 1],
  ];
  const contracts = given.map(({ contract }) => String(contract ?? ''));
  return {
    tenure: numbers('tenure'),
    charges: numbers('charges'),
    senior: numbers('senior'),
    contract: [contracts, [given.length, 1]],
  };
}

type Fitted = TabularModel & Pick<TabularModelParts, 'encoder' | 'classifier'>;

describe.each([
  ['logistic regression', logisticCandidate(aTable())],
  ['boosted trees', boosting],
  ['a forest', forest],
] as [string, Candidate<Fitted>][])('%s as one ONNX file', (_, candidate) => {
  const model = candidate.fit(customers);
  const logOdds = model.logOdds(rows);

  it.each(['none', 'platt', 'isotonic'] as const)(
    'predicts in onnxruntime what it predicts here, calibrated by %s',
    async (method) => {
      const calibration = fitCalibration(method, model.logOdds(customers.rows), customers.labels);

      const found = await runOnnx(exportTabularModel({ name: 'churn', ...model, calibration }), inputsOf(rows));

      expect(largestDifference(found.log_odds as number[], logOdds)).toBeLessThan(1e-6);
      expect(largestDifference(found.probabilities as number[], calibrateAll(calibration, logOdds))).toBeLessThan(1e-6);
    },
  );

  it('has the same bytes every time', () => {
    const file = () =>
      exportTabularModel({ name: 'churn', ...candidate.fit(customers), calibration: { method: 'none' } });

    expect(file()).toEqual(file());
  });
});

describe('selecting among families of models', () => {
  it('gives one that can be exported, whichever it is', () => {
    const found = selectModel([logisticCandidate(aTable()), boosting], customers, { seed: 1 });

    const file = exportTabularModel({ name: 'churn', ...found.model, calibration: found.calibration });

    expect(found.sweep.trials.map(({ name }) => name)).toEqual(['logistic C=1', 'boosting']);
    expect(found.candidate.name).toBe('logistic C=1');
    expect(file.length).toBeGreaterThan(0);
  });
});

describe('trees with exact sums', () => {
  const rounded = forest.fit(customers).classifier;

  it('add up to the same in float32, forwards and backwards', () => {
    const values = [...rounded.baseScores, ...rounded.trees.map(({ value }) => value.reduce((a, b) => Math.max(a, b)))];
    const sum = (list: number[]) => list.reduce((total, value) => Math.fround(total + value), 0);

    expect(sum(values)).toBe(sum(values.toReversed()));
    expect(sum(values)).toBe(values.reduce((total, value) => total + value, 0));
  });

  it('are rounded no more than float32 sums err', () => {
    const ensemble = fitRandomForest({ features: matrix(1, [1, 2, 3, 4]), labels: [0, 0, 1, 1], classes: 2 });

    const before = rawScores(ensemble, matrix(1, [1.5, 3.5]));

    expect(largestDifference(rawScores(withExactSums(ensemble), matrix(1, [1.5, 3.5])), before)).toBeLessThan(1e-5);
  });

  it('stay nothing where all values are nothing', () => {
    const nothing = { ...rounded, baseScores: Float32Array.of(0), trees: [] };

    expect(withExactSums(nothing)).toEqual(nothing);
  });
});

describe('exporting', () => {
  const { encoder, classifier } = logisticCandidate(aTable()).fit(customers);
  const calibration = { method: 'none' } as const;

  it('answers a single row with a number each', async () => {
    const found = await runOnnx(
      exportTabularModel({ name: 'churn', encoder, classifier, calibration }),
      inputsOf([aRow()]),
    );

    expect(Object.keys(found).sort()).toEqual(['log_odds', 'probabilities']);
    expect(found.probabilities).toHaveLength(1);
  });

  it('refuses a column that is named like an output', () => {
    const [tenure, ...others] = encoder.numbers;
    const misnamed = { ...encoder, numbers: [{ ...tenure!, column: 'log_odds' }, ...others] };

    expect(() => exportTabularModel({ name: 'churn', encoder: misnamed, classifier, calibration })).toThrow(
      InvalidOnnxGraphError,
    );
  });

  it('refuses an encoder without a feature', () => {
    const empty = { numbers: [], categories: [] };

    expect(() => exportTabularModel({ name: 'churn', encoder: empty, classifier, calibration })).toThrow(RangeError);
  });
});
