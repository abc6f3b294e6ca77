import { fitGradientBoosting, probabilities, rawScores, type TrainingSet } from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';
import {
  areaUnderRoc,
  golden,
  meanLogLoss,
  settingsOf,
  testFeatures,
  trainFeatures,
  twoClasses,
} from '../support/golden-trees.ts';

const largestDifference = (a: ArrayLike<number>, b: readonly number[]): number =>
  Math.max(...b.map((value, index) => Math.abs(value - a[index]!)));

const leavesOf = ({ feature }: { readonly feature: Int32Array }): number =>
  feature.filter((column) => column < 0).length;

const sets: Readonly<Record<string, TrainingSet>> = {
  'sample weights': twoClasses({ sampleWeights: golden.train.binary.map((_, row) => (row % 3 === 0 ? 2 : 0.5)) }),
  'three classes': twoClasses({ labels: golden.train.ternary, classes: 3 }),
};

// The golden raw scores have 6 decimals, and scikit-learn keeps leaves in float64 where ours are float32.
describe('boosting beside scikit-learn on the same rows', () => {
  it.each(Object.entries(golden.boosting))('gives each test row the same raw score, to 5e-6: %s', (name, expected) => {
    const ensemble = fitGradientBoosting(sets[name] ?? twoClasses(), settingsOf(expected));

    expect(largestDifference(rawScores(ensemble, testFeatures), expected.raw_scores)).toBeLessThan(5e-6);
    expect(ensemble.trees.map(leavesOf)).toEqual(expected.leaves);
  });

  it('has the same AUC and log loss, to 1e-3', () => {
    const expected = golden.boosting['as it comes']!;

    const p = probabilities(fitGradientBoosting(twoClasses(), settingsOf(expected)), testFeatures);

    expect(Math.abs(areaUnderRoc(p, golden.test.binary) - expected.auc!)).toBeLessThan(1e-3);
    expect(Math.abs(meanLogLoss(p, golden.test.binary) - expected.log_loss)).toBeLessThan(1e-3);
  });

  it('gives each row probabilities of all classes that add up to 1', () => {
    const ensemble = fitGradientBoosting(sets['three classes']!, { iterations: 5 });

    const p = probabilities(ensemble, testFeatures);

    expect(p).toHaveLength(3 * testFeatures.rows);
    expect(p[0]! + p[1]! + p[2]!).toBeCloseTo(1, 12);
  });
});

describe('boosting', () => {
  it('grows the same trees from the same seed, and others from another', () => {
    const settings = { iterations: 5, featureShare: 0.5 };

    const [first, second, other] = [3, 3, 4].map((seed) => fitGradientBoosting(twoClasses(), { ...settings, seed }));

    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('looks at no other features in a tree than were drawn for it', () => {
    const { trees } = fitGradientBoosting(twoClasses(), { iterations: 20, featureShare: 0.25 });

    const used = trees.map(({ feature }) => new Set(feature.filter((column) => column >= 0)).size);
    expect(Math.max(...used)).toBe(2);
  });

  it('learns which way missing values go', () => {
    const features = {
      rows: 60,
      columns: 1,
      values: Float32Array.from({ length: 60 }, (_, row) => [Number.NaN, 1, 2][row % 3]!),
    };
    const labels = Array.from({ length: 60 }, (_, row) => [1, 0, 1][row % 3]!);

    const ensemble = fitGradientBoosting(
      { features, labels, classes: 2 },
      { iterations: 50, minSamplesLeaf: 5, maxLeaves: 2 },
    );

    const p = probabilities(ensemble, { rows: 3, columns: 1, values: Float32Array.of(Number.NaN, 1, 2) });
    expect(p[0]).toBeGreaterThan(0.9);
    expect(p[1]).toBeLessThan(0.1);
    expect(p[2]).toBeGreaterThan(0.9);
  });

  it('parts missing values from all others where that is what tells', () => {
    const features = {
      rows: 40,
      columns: 1,
      values: Float32Array.from({ length: 40 }, (_, row) => (row < 20 ? Number.NaN : row)),
    };
    const labels = Array.from({ length: 40 }, (_, row) => Number(row < 20));

    const { trees } = fitGradientBoosting({ features, labels, classes: 2 }, { iterations: 1, maxLeaves: 2 });

    expect(trees[0]!.missingLeft[0]).toBe(0);
    expect(trees[0]!.threshold[0]).toBeGreaterThan(1e38);
    expect([...trees[0]!.cover]).toEqual([40, 20, 20]);
  });

  it('stops early where the validation loss rises, and keeps the trees up to the lowest', () => {
    const noise = twoClasses({
      labels: golden.train.binary.map((label, row) => (row % 2 ? label : Number(row % 4 === 0))),
    });

    const stopped = fitGradientBoosting(noise, {
      iterations: 500,
      learningRate: 0.3,
      earlyStopping: { validationShare: 0.2, patience: 5 },
    });

    expect(stopped.trees.length).toBeGreaterThan(0);
    expect(stopped.trees.length).toBeLessThan(100);
  });

  it('goes to the end where patience outlasts it', () => {
    const { trees } = fitGradientBoosting(twoClasses(), {
      iterations: 3,
      learningRate: 0.01,
      earlyStopping: { validationShare: 0.2, patience: 5 },
    });

    expect(trees).toHaveLength(3);
  });

  it('counts a row of weight 2 as two of weight 1, where no leaf is too small', () => {
    const settings = { iterations: 5, minSamplesLeaf: 1 };
    const doubled = {
      ...trainFeatures,
      rows: 2 * trainFeatures.rows,
      values: Float32Array.of(...trainFeatures.values, ...trainFeatures.values),
    };
    const labels = [...golden.train.binary, ...golden.train.binary];

    const twice = fitGradientBoosting({ features: doubled, labels, classes: 2 }, settings);
    const weighted = fitGradientBoosting(twoClasses({ sampleWeights: golden.train.binary.map(() => 2) }), settings);

    expect(largestDifference(rawScores(weighted, testFeatures), [...rawScores(twice, testFeatures)])).toBeLessThan(
      1e-5,
    );
  });

  it.each<[string, Partial<TrainingSet>, string]>([
    ['one class', { classes: 1 }, 'there are 1 classes, not 2 or more'],
    ['a label beyond the classes', { labels: golden.train.ternary }, 'row 2 has the label 2, not 0 to 1'],
    ['a class without rows', { classes: 3 }, 'class 2 has no row that counts'],
    ['too few labels', { labels: [1, 0] }, 'there are 1000 rows and 2 labels'],
    ['a negative weight', { sampleWeights: golden.train.binary.map(() => -1) }, 'row 0 has the sample weight -1'],
    ['too few weights', { sampleWeights: [1] }, 'there are 1000 rows and 1 sample weights'],
    [
      'a shape of other size than its values',
      { features: { ...trainFeatures, columns: 7 } },
      '1000 x 7 features are 7000 values, not 8000',
    ],
    [
      'an infinite feature',
      { features: { ...trainFeatures, values: trainFeatures.values.with(8, -Infinity) } },
      'row 1 has the value -Infinity',
    ],
  ])('refuses %s', (_case, changes, message) => {
    expect(() => fitGradientBoosting(twoClasses(changes))).toThrow(new RangeError(message));
  });

  it.each<[Parameters<typeof fitGradientBoosting>[1], string]>([
    [{ iterations: 0 }, 'iterations is 0, not 1 to 100000'],
    [{ learningRate: 0 }, 'learningRate is 0, not 5e-324 to 1'],
    [{ learningRate: Number.NaN }, 'learningRate is NaN, not 5e-324 to 1'],
    [{ maxLeaves: 2.5 }, 'maxLeaves is 2.5, no whole number'],
    [{ maxBins: 256 }, 'maxBins is 256, not 2 to 255'],
    [{ classWeights: [1, 2, 3] }, 'the class weights [1,2,3] are not 2 positive numbers'],
    [{ earlyStopping: { validationShare: 1, patience: 1 } }, 'validationShare is 1, not 5e-324 to 0.9'],
  ])('refuses the settings %j', (settings, message) => {
    expect(() => fitGradientBoosting(twoClasses(), settings)).toThrow(new RangeError(message));
  });

  it('refuses rows with other features than it learnt from', () => {
    const ensemble = fitGradientBoosting(twoClasses(), { iterations: 1 });

    const scoring = (): unknown => rawScores(ensemble, { rows: 1, columns: 2, values: new Float32Array(2) });

    expect(scoring).toThrow(new RangeError('the rows have 2 features; the trees know 8'));
  });
});
