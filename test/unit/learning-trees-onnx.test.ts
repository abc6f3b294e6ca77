import {
  ensembleFromJson,
  ensembleToJson,
  fitGradientBoosting,
  fitRandomForest,
  type Matrix,
  rawScores,
  seededRandom,
  type TreeEnsemble,
  treeEnsembleNode,
} from '@kilat/core/learning';
import { encodeModel } from '@kilat/core/onnx';
import { describe, expect, it } from 'vitest';
import { golden, testFeatures, twoClasses } from '../support/golden-trees.ts';
import { runOnnx } from '../support/onnx-run.ts';

const modelOf = (ensemble: TreeEnsemble): Uint8Array =>
  encodeModel({
    name: 'ensemble',
    inputs: [{ name: 'features', datatype: 'FP32', shape: ['N', ensemble.columns] }],
    outputs: [{ name: 'scores', datatype: 'FP32', shape: ['N', ensemble.baseScores.length] }],
    nodes: [treeEnsembleNode(ensemble, 'features', 'scores')],
  });

async function largestDifference(ensemble: TreeEnsemble, features: Matrix): Promise<number> {
  const { scores } = await runOnnx(modelOf(ensemble), {
    features: [features.values, [features.rows, features.columns]],
  });
  const expected = rawScores(ensemble, features);
  expect(scores).toHaveLength(expected.length);
  return Math.max(...expected.map((value, index) => Math.abs(value - (scores![index] as number))));
}

/** Rows whose every value is a threshold of the ensemble, or missing. */
function onThresholds({ trees, columns }: TreeEnsemble, rows: number): Matrix {
  const random = seededRandom(5);
  const thresholds = Array.from({ length: columns }, (_, column) => [
    Number.NaN,
    ...trees.flatMap(({ feature, threshold }) => [...threshold].filter((_, node) => feature[node] === column)),
  ]);
  const values = Float32Array.from({ length: rows * columns }, (_, index) => {
    const choice = thresholds[index % columns]!;
    return choice[random.int(choice.length)]!;
  });
  return { rows, columns, values };
}

describe('an ensemble in onnxruntime', () => {
  it.each<[string, () => TreeEnsemble]>([
    ['boosting', () => fitGradientBoosting(twoClasses())],
    [
      'boosting of three classes',
      () => fitGradientBoosting(twoClasses({ labels: golden.train.ternary, classes: 3 }), { iterations: 30 }),
    ],
    ['a forest', () => fitRandomForest(twoClasses(), { trees: 50 })],
  ])('gives the same scores as here, to 1e-5, on thresholds and missing values too: %s', async (_name, ensembleOf) => {
    const ensemble = ensembleOf();

    expect(await largestDifference(ensemble, testFeatures)).toBeLessThan(1e-5);
    expect(await largestDifference(ensemble, onThresholds(ensemble, 2000))).toBeLessThan(1e-5);
  });

  it('parts missing values from all others, as here', async () => {
    const features = {
      rows: 40,
      columns: 1,
      values: Float32Array.from({ length: 40 }, (_, row) => (row < 20 ? Number.NaN : row)),
    };
    const labels = Array.from({ length: 40 }, (_, row) => Number(row < 20));
    const ensemble = fitGradientBoosting({ features, labels, classes: 2 }, { iterations: 3 });

    expect(await largestDifference(ensemble, features)).toBeLessThan(1e-5);
  });
});

describe('an ensemble kept as JSON', () => {
  it('is the same when it is read', () => {
    const ensemble = fitGradientBoosting(twoClasses(), { iterations: 3 });

    const read = ensembleFromJson(JSON.parse(JSON.stringify(ensembleToJson(ensemble))));

    expect(read).toEqual(ensemble);
  });

  it.each<[string, object, string]>([
    ['without a node', { feature: [] }, 'tree 0 has no node'],
    ['with a column too short', { cover: [1] }, 'tree 0 has columns of different lengths'],
    ['for another output', { output: 1 }, 'tree 0 adds to output 1, of 1'],
    ['on an unknown feature', { feature: [2, -1, -1] }, 'tree 0 looks at feature 2, of 2'],
    ['that goes round in circles', { left: [0, -1, -1] }, 'tree 0 has the child 0 under node 0, not 1 to 2'],
    ['that leaves its nodes', { right: [3, -1, -1] }, 'tree 0 has the child 3 under node 0, not 1 to 2'],
  ])('is refused with a tree %s', (_case, changes, message) => {
    const stump = { output: 0, feature: [1, -1, -1], threshold: [0, 0, 0], left: [1, -1, -1], right: [2, -1, -1] };
    const tree = { ...stump, missingLeft: [0, 0, 0], value: [0, 1, 2], cover: [3, 2, 1], ...changes };

    const reading = (): unknown => ensembleFromJson({ link: 'logit', columns: 2, baseScores: [0], trees: [tree] });

    expect(reading).toThrow(new RangeError(message));
  });
});
