import {
  accuracy,
  averagePrecision,
  type BinaryMetricName,
  binaryMetrics,
  calibrationCurve,
  classReports,
  confusionMatrix,
  deciles,
  evaluateBinary,
  evaluateClasses,
  precisionRecallCurve,
  rankRows,
  rocAuc,
  rocCurve,
  thinned,
} from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';
import { golden, largestDifference, matrix } from '../support/learning.ts';

const { binary, classes } = golden;
const ranked = rankRows(binary.labels, binary.probabilities);
const once = { resamples: 1, seed: 1 };

describe('beside scikit-learn, on rows with many ties', () => {
  it.each(Object.entries(binary.metrics))('%s is %d', (name, expected) => {
    const found = binaryMetrics[name as BinaryMetricName].over(ranked, 0.5)();

    expect(found).toBeCloseTo(expected as number, 12);
  });

  it('the ROC curve has the same points', () => {
    const curve = rocCurve(ranked)!;

    expect(
      largestDifference(
        curve.map(({ falsePositiveRate }) => falsePositiveRate),
        binary.roc.fpr,
      ),
    ).toBeLessThan(1e-12);
    expect(
      largestDifference(
        curve.map(({ truePositiveRate }) => truePositiveRate),
        binary.roc.tpr,
      ),
    ).toBeLessThan(1e-12);
  });

  it('the precision-recall curve has the same points, in reverse', () => {
    const curve = precisionRecallCurve(ranked)!.toReversed();

    expect(curve.map(({ threshold }) => threshold)).toEqual(binary.precision_recall.thresholds);
    expect(
      largestDifference(
        curve.map(({ precision }) => precision),
        binary.precision_recall.precision,
      ),
    ).toBeLessThan(1e-12);
    expect(
      largestDifference(
        curve.map(({ recall }) => recall),
        binary.precision_recall.recall,
      ),
    ).toBeLessThan(1e-12);
  });

  it('the calibration curve has the same bins', () => {
    const bins = calibrationCurve(ranked);

    expect(bins.map(({ rows }) => rows)).toEqual(binary.calibration.rows);
    expect(
      largestDifference(
        bins.map(({ positiveRate }) => positiveRate),
        binary.calibration.rate,
      ),
    ).toBeLessThan(1e-12);
    expect(
      largestDifference(
        bins.map(({ meanProbability }) => meanProbability),
        binary.calibration.mean,
      ),
    ).toBeLessThan(1e-12);
  });

  it('gains by decile are the cumulated shares of the positives', () => {
    const gains = deciles(rankRows(binary.labels, binary.distinct))!.map(({ gain }) => gain);

    expect(largestDifference(gains, binary.gains_of_distinct)).toBeLessThan(1e-12);
  });

  it('many classes have the same figures', () => {
    const probabilities = matrix(3, classes.probabilities);

    const found = evaluateClasses({ labels: Uint8Array.from(classes.labels), probabilities }, once);

    expect(found.metrics.accuracy?.value).toBeCloseTo(classes.accuracy, 12);
    expect(found.metrics.macro_f1?.value).toBeCloseTo(classes.macro_f1, 12);
    expect(found.metrics.weighted_f1?.value).toBeCloseTo(classes.weighted_f1, 12);
    expect(found.metrics.log_loss?.value).toBeCloseTo(classes.log_loss, 12);
    const [precision, recall, f1, support] = classes.classes;
    expect(
      largestDifference(
        found.classes.map((report) => report.precision!),
        precision,
      ),
    ).toBeLessThan(1e-12);
    expect(
      largestDifference(
        found.classes.map((report) => report.recall!),
        recall,
      ),
    ).toBeLessThan(1e-12);
    expect(
      largestDifference(
        found.classes.map((report) => report.f1!),
        f1,
      ),
    ).toBeLessThan(1e-12);
    expect(found.classes.map((report) => report.support)).toEqual(support);
  });
});

describe('by hand', () => {
  it('scores that are all the same have an AUC of a half, and every decile its share', () => {
    const same = rankRows([1, 0, 0, 1, 0], [0.4, 0.4, 0.4, 0.4, 0.4]);

    expect(rocAuc(same)).toBe(0.5);
    expect(averagePrecision(same)).toBe(0.4);
    expect(deciles(same)!.map(({ lift }) => lift.toFixed(9))).toEqual(Array(10).fill('1.000000000'));
  });

  it('rows counted twice weigh like rows that are there twice', () => {
    const counted = rankRows([1, 0, 1], [0.9, 0.5, 0.2]);
    const repeated = rankRows([1, 0, 0, 1], [0.9, 0.5, 0.5, 0.2]);

    for (const metric of Object.values(binaryMetrics)) {
      expect(metric.over(counted, 0.5)(Uint16Array.of(1, 2, 1))).toBe(metric.over(repeated, 0.5)());
    }
  });

  it('a certainty that proved wrong has a large log loss, but a finite one', () => {
    const wrong = rankRows([0, 1], [1, 0]);

    expect(binaryMetrics.log_loss.over(wrong)()).toBeCloseTo(-Math.log(Number.EPSILON), 12);
  });

  it('a thinned curve keeps its ends', () => {
    const points = Array.from({ length: 1001 }, (_, i) => i);

    expect(thinned(points, 5)).toEqual([0, 250, 500, 750, 1000]);
    expect(thinned([1, 2], 5)).toEqual([1, 2]);
  });
});

describe('too little data', () => {
  it.each([
    ['no rows', [], []],
    ['one class', [1, 1], [0.2, 0.7]],
    ['the other class', [0, 0], [0.2, 0.7]],
  ])('%s: what cannot be measured is undefined, and nothing is NaN', (_, labels, probabilities) => {
    const found = evaluateBinary({ labels, probabilities }, { resamples: 20, seed: 1 });

    expect(found.metrics.roc_auc).toBeUndefined();
    expect(found.metrics.pr_auc).toBeUndefined();
    expect(found.rocCurve).toBeUndefined();
    expect(found.precisionRecallCurve).toBeUndefined();
    expect(JSON.stringify(found, (_key, value) => (Number.isNaN(value) ? 'not a number' : value))).not.toContain(
      'not a',
    );
  });

  it('a class that nobody has and nobody is called has neither precision nor recall', () => {
    const [, , absent] = classReports(confusionMatrix({ labels: [0, 1], predicted: [0, 1], classes: 3 }));

    expect(absent).toEqual({ precision: undefined, recall: undefined, f1: undefined, support: 0 });
  });

  it('no rows have no accuracy', () => {
    expect(accuracy(confusionMatrix({ labels: [], predicted: [], classes: 2 }))).toBeUndefined();
  });
});

describe('bad input', () => {
  it.each([
    ['labels of another length', [1], [0.5, 0.5], /1 labels for 2 scores/],
    ['a label of 2', [2], [0.5], /label 2 at 0/],
    ['a probability above 1', [1], [1.5], /probability 1.5/],
    ['a probability that is none', [1], [Number.NaN], /probability NaN/],
  ])('refuses %s', (_, labels, probabilities, message) => {
    expect(() => evaluateBinary({ labels, probabilities }, once)).toThrow(message);
  });

  it.each([[[0, 2]], [[0, -1]]])('refuses classes %j where there are two', (predicted) => {
    expect(() => confusionMatrix({ labels: [0, 1], predicted, classes: 2 })).toThrow(RangeError);
  });

  it('refuses a score that is not finite', () => {
    expect(() => rankRows([1], [Number.POSITIVE_INFINITY])).toThrow('score Infinity at 0 is not finite');
  });
});
