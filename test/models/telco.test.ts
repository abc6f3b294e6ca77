import {
  binaryMetrics,
  calibrateAll,
  columnContributions,
  columnMeans,
  encode,
  evaluateBinary,
  exportTabularModel,
  featuresOf,
  fitCalibration,
  fitGradientBoosting,
  frontEndInputs,
  type LabelledRows,
  type LogisticTabularModel,
  linearShap,
  logisticCandidate,
  nestedCrossValidate,
  permutationImportance,
  type Row,
  rankProbabilities,
  subset,
  type TreeTabularModel,
  trainTestSplit,
  treeCandidate,
  validateRows,
} from '@kilat/core/learning';
import { beforeAll, describe, expect, it } from 'vitest';
import { largestDifference } from '../support/learning.ts';
import { type RunInput, runOnnx } from '../support/onnx-run.ts';
import { hasTelco, readTelco, type Telco } from '../support/telco.ts';

describe.skipIf(!hasTelco)('the customers of a telephone company', () => {
  let telco: Telco;
  beforeAll(() => {
    telco = readTelco();
  });

  it('all fit the schema', () => {
    expect(validateRows(telco.schema, telco.rows)).toEqual({ rows: 7043, errorCount: 0, errors: [], warnings: [] });
  });

  // scikit-learn has 0.844 and 0.845 on two such sets of folds; more than 0.86 would be a leak.
  it('are told apart by logistic regression with an AUC of 0.84 to 0.86 and a calibration error of at most 0.02', () => {
    const candidates = [0.1, 1, 10].map((C) => logisticCandidate(telco.schema, { C }));

    const nested = nestedCrossValidate(candidates, telco, { seed: 2 });

    const { metrics } = evaluateBinary({ ...telco, ...nested }, { seed: 2, resamples: 500 });
    expect(metrics.roc_auc!.value).toBeGreaterThan(0.84);
    expect(metrics.roc_auc!.value).toBeLessThan(0.86);
    expect(metrics.expected_calibration_error!.value).toBeLessThan(0.02);
  });

  describe('a fifth of them held out', () => {
    let heldOut: LabelledRows;
    let model: LogisticTabularModel;
    let trees: TreeTabularModel;
    let logOdds: Float64Array;
    beforeAll(() => {
      const { train, test } = trainTestSplit({ labels: telco.labels, testShare: 0.2, seed: 1 });
      const training = subset(telco, train);
      heldOut = subset(telco, test);
      model = logisticCandidate(telco.schema).fit(training);
      trees = treeCandidate(telco.schema, { name: 'boosting', params: {} }, fitGradientBoosting).fit(training);
      logOdds = model.logOdds(heldOut.rows);
    });

    it.each([
      ['logistic regression', 'none'],
      ['logistic regression', 'platt'],
      ['logistic regression', 'isotonic'],
      ['boosted trees', 'none'],
      ['boosted trees', 'platt'],
      ['boosted trees', 'isotonic'],
    ] as const)('onnxruntime predicts the same by %s, calibrated by %s', async (family, method) => {
      const fitted = family === 'boosted trees' ? trees : model;
      const scores = fitted.logOdds(heldOut.rows);
      const calibration = fitCalibration(method, scores, heldOut.labels);
      const file = exportTabularModel({ name: 'churn', ...fitted, calibration });

      const found = await runOnnx(file, inputsOf(fitted.encoder, heldOut.rows));

      expect(largestDifference(found.probabilities as number[], calibrateAll(calibration, scores))).toBeLessThan(1e-6);
      expect(largestDifference(found.log_odds as number[], scores)).toBeLessThan(1e-6);
    });

    it('explains each row to 1e-9', () => {
      const features = encode(model.encoder, heldOut.rows);
      const shap = linearShap(model.classifier, columnMeans(features), features);

      const sums = heldOut.rows.map((_, row) => {
        const byColumn = columnContributions(featuresOf(model.encoder), shap, row);
        return [...byColumn.values()].reduce((sum, value) => sum + value, shap.baseValue);
      });

      expect(largestDifference(sums, logOdds)).toBeLessThan(1e-9);
    });

    it('leans most on tenure and charges, which say much the same, then on contract and internet service', () => {
      const score = (rows: readonly Row[]): number => {
        const probabilities = calibrateAll({ method: 'none' }, model.logOdds(rows));
        return binaryMetrics.log_loss.over(rankProbabilities({ labels: heldOut.labels, probabilities }))()!;
      };
      const columns = telco.schema.columns.map(({ name }) => name);

      const importances = permutationImportance({ rows: heldOut.rows, columns, score, better: 'lower' }, { seed: 1 });

      const firstFive = importances.slice(0, 5).map(({ column }) => column);
      expect(firstFive).toEqual(expect.arrayContaining(['tenure', 'TotalCharges', 'Contract', 'InternetService']));
    });
  });
});

/** The rows as the tensors that the model's file takes. */
function inputsOf(encoder: Parameters<typeof frontEndInputs>[0], rows: readonly Row[]): Record<string, RunInput> {
  const shape = [rows.length, 1];
  return Object.fromEntries(
    frontEndInputs(encoder).map(({ name, datatype }): [string, RunInput] => {
      if (datatype === 'BYTES') return [name, [rows.map((row) => String(row[name] ?? '')), shape]];
      return [name, [Float32Array.from(rows, (row) => Number(row[name] ?? Number.NaN)), shape]];
    }),
  );
}
