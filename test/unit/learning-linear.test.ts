import {
  type ClassWeights,
  crossEntropyOf,
  fitLogistic,
  fitSoftmax,
  fitSoftmaxOn,
  logisticLogOdds,
  logit,
  minimize,
  minimizeAsync,
  type Objective,
  sigmoid,
  softmaxProbabilities,
} from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';
import { golden, largestDifference, matrix } from '../support/learning.ts';

const reference = golden.regressions;
const features = matrix(reference.columns, reference.features);
const set = { features, labels: reference.labels as number[], classes: 2 };
const kinds = { features, labels: reference.kinds as number[], classes: 3 };
const firstTen = matrix(reference.columns, reference.features.slice(0, 10 * reference.columns));

interface LogisticCase {
  readonly C: number;
  readonly class_weights: ClassWeights | null;
  readonly weights: number[];
  readonly intercept: number;
  readonly log_odds: number[];
}

/** Its minimum, 0, is at (1, 1), at the end of a bent valley (H. Rosenbrock, 1960). */
const rosenbrock: Objective = (point, gradient) => {
  const [x, y] = [point[0]!, point[1]!];
  gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
  gradient[1] = 200 * (y - x * x);
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
};

describe('minimize', () => {
  it("finds the end of Rosenbrock's valley", () => {
    const found = minimize(rosenbrock, Float64Array.of(-1.2, 1), { gradientTolerance: 1e-10, lossTolerance: 0 });

    expect(found.converged).toBe(true);
    expect(largestDifference(found.point, [1, 1])).toBeLessThan(1e-8);
  });

  it('takes the same steps when it has to wait', async () => {
    const start = Float64Array.of(-1.2, 1);

    const waited = await minimizeAsync(async (point, gradient) => rosenbrock(point, gradient), start);

    expect(waited).toEqual(minimize(rosenbrock, start));
  });

  it('leaves its start as it was, and stops there when it is lowest', () => {
    const start = Float64Array.of(1, 1);

    const found = minimize(rosenbrock, start);

    expect(found).toMatchObject({ iterations: 0, evaluations: 1, converged: true });
    expect([...start]).toEqual([1, 1]);
  });

  it('says so when its iterations run out', () => {
    expect(minimize(rosenbrock, Float64Array.of(-1.2, 1), { maxIterations: 3 })).toMatchObject({
      iterations: 3,
      converged: false,
    });
  });

  it('ends, unconverged, where the gradient lies and no step goes down', () => {
    const lying: Objective = ([x], gradient) => {
      gradient[0] = -1;
      return x! ** 2;
    };

    expect(minimize(lying, Float64Array.of(0)).converged).toBe(false);
  });

  it.each([
    ['loss', Number.NaN, 0],
    ['gradient', 0, Number.POSITIVE_INFINITY],
  ])('refuses a %s that is not finite at the start', (_, loss, slope) => {
    const broken: Objective = (_point, gradient) => {
      gradient[0] = slope;
      return loss;
    };

    expect(() => minimize(broken, Float64Array.of(1))).toThrow(RangeError);
  });
});

describe("beside scikit-learn's newton-cholesky", () => {
  it.each<LogisticCase>(reference.logistic)('logistic regression with C=$C', (expected) => {
    const weighted = expected.class_weights ? { classWeights: expected.class_weights } : {};

    const model = fitLogistic(set, { C: expected.C, ...weighted });

    expect(largestDifference(model.weights, expected.weights)).toBeLessThan(1e-6);
    expect(Math.abs(model.intercept - expected.intercept)).toBeLessThan(1e-6);
    expect(largestDifference(logisticLogOdds(model, firstTen), expected.log_odds)).toBeLessThan(1e-5);
  });

  it('softmax regression', () => {
    const model = fitSoftmax(kinds, { C: reference.softmax.C });

    expect(largestDifference(model.weights, reference.softmax.weights)).toBeLessThan(1e-6);
    expect(
      largestDifference(softmaxProbabilities(model, firstTen).values, reference.softmax.probabilities),
    ).toBeLessThan(1e-6);
  });

  it('softmax regression whose gradient comes from elsewhere', async () => {
    const elsewhere = crossEntropyOf(kinds, new Float64Array(features.rows).fill(1));

    const model = await fitSoftmaxOn(async (point, gradient) => elsewhere(point, gradient), {
      classes: 3,
      features: features.columns,
      rows: features.rows,
      C: reference.softmax.C,
      stop: { gradientTolerance: 1e-8, lossTolerance: 0 },
    });

    expect(largestDifference(model.weights, reference.softmax.weights)).toBeLessThan(1e-6);
  });
});

describe('a linear model', () => {
  it('finds weights for classes that a line parts, since the penalty holds them', () => {
    const parted = { features: matrix(1, [-2, -1, 1, 2]), labels: [0, 0, 1, 1], classes: 2 };

    const { weights } = fitLogistic(parted, { C: 1e6 });

    expect(weights[0]).toBeGreaterThan(5);
    expect(Number.isFinite(weights[0])).toBe(true);
  });

  it.each([
    ['a class without rows', { ...set, labels: set.labels.map(() => 1) }, {}],
    ['three classes', { ...set, classes: 3, labels: kinds.labels }, {}],
    ['a missing value', { ...set, features: matrix(1, [Number.NaN, 1]), labels: [0, 1] }, {}],
    ['a C of 0', set, { C: 0 }],
    ['a weight for one class', set, { classWeights: [1] }],
  ])('refuses %s', (_, rows, options) => {
    expect(() => fitLogistic(rows, options)).toThrow(RangeError);
  });

  it('refuses rows with other columns than it was trained on', () => {
    const model = { weights: [1, 2], intercept: 0 };

    expect(() => logisticLogOdds(model, matrix(3, [1, 2, 3]))).toThrow('3 columns; the model has 2 weights');
  });
});

describe('sigmoid and logit', () => {
  it.each([[-800], [-3], [0], [0.25], [30]])('undo each other at %d, or saturate', (x) => {
    const probability = sigmoid(x);

    expect(probability).toBeGreaterThanOrEqual(0);
    expect(probability === 0 ? -800 : logit(probability)).toBeCloseTo(x, 1);
  });
});
