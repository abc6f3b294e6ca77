import { fitRandomForest, probabilities, treeEnsembleNode } from '@kilat/core/learning';
import { encodeModel } from '@kilat/core/onnx';
import { describe, expect, it } from 'vitest';
import { areaUnderRoc, golden, meanLogLoss, testFeatures, twoClasses } from '../support/golden-trees.ts';

describe('a random forest', () => {
  // Forests differ by chance: scikit-learn's own ten have a standard deviation of 0.005 in AUC and 0.004 in log loss.
  it("is within three standard deviations of ten of scikit-learn's", () => {
    const { auc, log_loss } = golden.forest;

    const p = probabilities(fitRandomForest(twoClasses()), testFeatures);

    expect(Math.abs(areaUnderRoc(p, golden.test.binary) - auc.mean)).toBeLessThan(3 * auc.std);
    expect(Math.abs(meanLogLoss(p, golden.test.binary) - log_loss.mean)).toBeLessThan(3 * log_loss.std);
  });

  it('is the same from the same seed, and another from another', () => {
    const [first, second, other] = [3, 3, 4].map((seed) => fitRandomForest(twoClasses(), { trees: 3, seed }));

    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('gives the share of class 1 among the rows of a leaf', () => {
    const features = { rows: 8, columns: 1, values: Float32Array.of(0, 0, 0, 0, 1, 1, 1, 1) };
    const labels = [0, 0, 0, 0, 1, 1, 1, 1];

    const forest = fitRandomForest({ features, labels, classes: 2 }, { trees: 50, minSamplesLeaf: 1 });

    // A tree whose bootstrap sample has one value only cannot split: that is 2 in 2^8 samples.
    const p = probabilities(forest, { rows: 2, columns: 1, values: Float32Array.of(0, 1) });
    expect(p[0]).toBeLessThan(0.05);
    expect(p[1]).toBeGreaterThan(0.95);
  });

  it('weighs classes', () => {
    const [even, uneven] = [
      [1, 1],
      [1, 10],
    ].map((classWeights) => fitRandomForest(twoClasses(), { trees: 20, classWeights }));

    const mean = (p: Float64Array): number => p.reduce((a, b) => a + b) / p.length;
    expect(mean(probabilities(uneven!, testFeatures))).toBeGreaterThan(mean(probabilities(even!, testFeatures)) + 0.1);
  });

  it('takes at most 50 bytes of an ONNX file for each node', () => {
    const forest = fitRandomForest(twoClasses(), { trees: 30, maxLeaves: 16, minSamplesLeaf: 1 });

    const model = encodeModel({
      name: 'forest',
      inputs: [{ name: 'features', datatype: 'FP32', shape: ['N', forest.columns] }],
      outputs: [{ name: 'p', datatype: 'FP32', shape: ['N', 1] }],
      nodes: [treeEnsembleNode(forest, 'features', 'p')],
    });

    const nodes = forest.trees.map(({ feature }) => feature.length);
    expect(Math.max(...nodes)).toBe(2 * 16 - 1);
    expect(model.length).toBeLessThan(50 * 30 * 31 + 1000);
  });

  it.each([
    [{ trees: 0 }, 'trees is 0, not 1 to 100000'],
    [{ featuresPerSplit: 9 }, 'featuresPerSplit is 9, not 1 to 8'],
    [{ minSamplesLeaf: 0 }, 'minSamplesLeaf is 0, not 1 to Infinity'],
  ])('refuses the settings %j', (settings, message) => {
    expect(() => fitRandomForest(twoClasses(), settings)).toThrow(new RangeError(message));
  });

  it('refuses more than two classes', () => {
    const set = twoClasses({ labels: golden.train.ternary, classes: 3 });

    expect(() => fitRandomForest(set)).toThrow(new RangeError('a forest tells 2 classes apart, not 3'));
  });
});
