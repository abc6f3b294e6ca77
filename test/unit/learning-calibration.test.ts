import { type Calibration, calibrateAll, chooseCalibration, fitCalibration, seededRandom } from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';
import { golden, largestDifference } from '../support/learning.ts';

const reference = golden.calibration;
const scores = Float64Array.from(reference.scores);
const labels = Uint8Array.from(reference.labels);
const probe = Float64Array.from(reference.probe);

describe('beside scikit-learn', () => {
  it('Platt scaling has the same curve', () => {
    const platt = fitCalibration('platt', scores, labels) as Calibration & { method: 'platt' };

    // scikit-learn stops its own search at a gradient of 1e-6.
    expect(platt.slope).toBeCloseTo(reference.slope, 5);
    expect(platt.intercept).toBeCloseTo(reference.intercept, 5);
    expect(largestDifference(calibrateAll(platt, probe), reference.platt)).toBeLessThan(1e-6);
  });

  it('isotonic regression has the same curve, between its knots and beyond them', () => {
    const isotonic = fitCalibration('isotonic', scores, labels);

    expect(largestDifference(calibrateAll(isotonic, probe), reference.isotonic)).toBeLessThan(1e-12);
  });
});

describe('isotonic regression', () => {
  const curve = (s: number[], y: number[], at: number[]) => [
    ...calibrateAll(fitCalibration('isotonic', Float64Array.from(s), Uint8Array.from(y)), Float64Array.from(at)),
  ];

  it('pools what falls, by the weight of its rows', () => {
    // 0, (1, 0, 0 -> 1/3), 1: worked by hand.
    expect(curve([1, 2, 3, 4, 5], [0, 1, 0, 0, 1], [1, 2, 4, 5])).toEqual([0, 1 / 3, 1 / 3, 1]);
  });

  it('gives equal scores one value', () => {
    expect(curve([1, 1, 2, 2], [0, 1, 1, 1], [1, 1.5, 2])).toEqual([0.5, 0.75, 1]);
  });

  it('is flat where all labels agree', () => {
    expect(curve([1, 2, 3], [1, 1, 1], [0, 2, 9])).toEqual([1, 1, 1]);
  });
});

describe('choosing a calibration', () => {
  const random = seededRandom(11);
  const truth = Float64Array.from({ length: 3000 }, () => 2 * random.normal() - 1);
  const outcomes = Uint8Array.from(truth, (logOdds) => (random.next() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0));

  it('keeps log-odds that are right as they are', () => {
    const { calibration, trials } = chooseCalibration(truth, outcomes, { seed: 1 });

    expect(calibration).toEqual({ method: 'none' });
    expect(trials.map(({ method }) => method)).toEqual(['none', 'platt', 'isotonic']);
  });

  it('takes Platt for log-odds that are too sure of themselves, and finds by how much', () => {
    const { calibration } = chooseCalibration(
      truth.map((logOdds) => 3 * logOdds + 1),
      outcomes,
      { seed: 1 },
    );

    expect(calibration.method).toBe('platt');
    expect((calibration as { slope: number }).slope).toBeCloseTo(1 / 3, 1);
  });

  it('takes isotonic for log-odds that are bent', () => {
    const bent = truth.map((logOdds) => (logOdds > 0 ? logOdds / 8 : logOdds * 4));

    expect(chooseCalibration(bent, outcomes, { seed: 1 }).calibration.method).toBe('isotonic');
  });

  it('does not bend twenty rows that only look askew', () => {
    const few = chooseCalibration(truth.slice(0, 20), outcomes.slice(0, 20), { seed: 1 });

    expect(few.calibration.method).toBe('none');
  });

  it('refuses a class with fewer rows than folds', () => {
    expect(() => chooseCalibration(truth.slice(0, 9), Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0), { seed: 1 })).toThrow(
      'class 1 has 1 rows',
    );
  });

  it.each([
    ['no rows', 0, 0],
    ['labels of another length', 2, 3],
  ])('refuses %s', (_, rows, labelled) => {
    expect(() => fitCalibration('platt', new Float64Array(rows), new Uint8Array(labelled))).toThrow(RangeError);
  });
});
