import {
  fitGradientBoosting,
  fitRandomForest,
  rawScores,
  type TreeEnsemble,
  treeExplainer,
} from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';
import { bruteForceShapley } from '../support/brute-force-shapley.ts';
import { golden, testFeatures, twoClasses, xgboostEnsemble } from '../support/golden-trees.ts';

const rowOf = (index: number): Float32Array =>
  testFeatures.values.slice(index * golden.columns, (index + 1) * golden.columns);

function explained(
  ensemble: TreeEnsemble,
  row: Float32Array,
  output = 0,
): { baseValue: number; contributions: Float64Array } {
  const explainer = treeExplainer(ensemble, output);
  const contributions = new Float64Array(ensemble.columns);
  explainer.explain(row, contributions);
  return { baseValue: explainer.baseValue, contributions };
}

const ensembles: [string, () => TreeEnsemble][] = [
  ['boosting', () => fitGradientBoosting(twoClasses(), { iterations: 20 })],
  ['a forest', () => fitRandomForest(twoClasses(), { trees: 10 })],
];

describe('TreeSHAP', () => {
  it("equals XGBoost's pred_contribs on XGBoost's own trees, to 2e-6", () => {
    const ensemble = xgboostEnsemble();

    const found = golden.xgboost.rows.map((row) => {
      const { baseValue, contributions } = explained(
        ensemble,
        Float32Array.from(row, (value) => value ?? Number.NaN),
      );
      return [...contributions, baseValue];
    });

    const differences = found.flatMap((row, i) =>
      row.map((value, j) => Math.abs(value - golden.xgboost.contributions[i]![j]!)),
    );
    expect(differences).toHaveLength(30 * 9);
    expect(Math.max(...differences)).toBeLessThan(2e-6);
  });

  it("reads XGBoost's trees as XGBoost does: the same scores, to 2e-6", () => {
    const rows = golden.xgboost.rows.flat().map((value) => value ?? Number.NaN);

    const scores = rawScores(xgboostEnsemble(), { rows: 30, columns: golden.columns, values: Float32Array.from(rows) });

    expect(Math.max(...golden.xgboost.margins.map((margin, row) => Math.abs(margin - scores[row]!)))).toBeLessThan(
      2e-6,
    );
  });

  it.each(ensembles)('equals the definition of Shapley values over all subsets, to 1e-12: %s', (_name, ensembleOf) => {
    const ensemble = ensembleOf();
    const trees = ensemble.trees.slice(0, 3);

    for (const row of [0, 1, 2, 3].map(rowOf)) {
      const { contributions } = explained({ ...ensemble, trees }, row);
      const expected = trees.map((tree) => bruteForceShapley(tree, row));
      for (const [column, value] of contributions.entries()) {
        expect(value).toBeCloseTo(
          expected.reduce((sum, each) => sum + each[column]!, 0),
          12,
        );
      }
    }
  });

  it.each(ensembles)('adds up to the raw score, to 1e-6: %s', (_name, ensembleOf) => {
    const ensemble = ensembleOf();
    const scores = rawScores(ensemble, testFeatures);

    const sums = [...scores.keys()].map((row) => {
      const { baseValue, contributions } = explained(ensemble, rowOf(row));
      return contributions.reduce((a, b) => a + b, baseValue);
    });

    expect(Math.max(...sums.map((sum, row) => Math.abs(sum - scores[row]!)))).toBeLessThan(1e-6);
  });

  it('explains the score of one class of several', () => {
    const ensemble = fitGradientBoosting(twoClasses({ labels: golden.train.ternary, classes: 3 }), { iterations: 5 });

    const { baseValue, contributions } = explained(ensemble, rowOf(0), 2);

    const score = rawScores(ensemble, { rows: 1, columns: golden.columns, values: rowOf(0) })[2]!;
    expect(contributions.reduce((a, b) => a + b, baseValue)).toBeCloseTo(score, 9);
  });

  it('gives nothing to features that no tree looks at', () => {
    const leaf = {
      feature: Int32Array.of(-1),
      threshold: new Float32Array(1),
      left: Int32Array.of(-1),
      right: Int32Array.of(-1),
    };
    const tree = {
      ...leaf,
      output: 0,
      missingLeft: new Uint8Array(1),
      value: Float32Array.of(0.25),
      cover: Float64Array.of(9),
    };

    const found = explained(
      { link: 'logit', columns: 2, baseScores: Float32Array.of(1), trees: [tree] },
      Float32Array.of(1, 2),
    );

    expect(found).toEqual({ baseValue: 1.25, contributions: new Float64Array(2) });
  });

  it('refuses an output that is not there, a row of other features, and a node without cover', () => {
    const ensemble = fitGradientBoosting(twoClasses(), { iterations: 1 });
    const uncovered = {
      ...ensemble,
      trees: ensemble.trees.map((tree) => ({ ...tree, cover: new Float64Array(tree.cover.length) })),
    };

    expect(() => treeExplainer(ensemble, 1)).toThrow(new RangeError('there is no output 1, only 0 to 0'));
    expect(() => explained(ensemble, new Float32Array(3))).toThrow(
      new RangeError('the row has 3 values; the trees know 8 features'),
    );
    expect(() => treeExplainer(uncovered)).toThrow(RangeError);
  });
});
