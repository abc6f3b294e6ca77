import { type BinaryRivals, compareBinary, estimateAll, evaluateBinary, resample } from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';
import { golden } from '../support/learning.ts';

const { labels, probabilities, auc_interval } = golden.binary;

describe('the bootstrap', () => {
  it("spans the interval of scipy's, resampling positives and negatives apart", () => {
    const found = evaluateBinary({ labels, probabilities }, { resamples: 5000, seed: 3 }).metrics.roc_auc!;

    // Two runs of scipy's 20,000 resamples differ by less than 0.001 themselves.
    expect(found.low).toBeCloseTo(auc_interval[0], 2);
    expect(found.high).toBeCloseTo(auc_interval[1], 2);
  });

  it('gives the same intervals for the same seed, others for another', () => {
    const interval = (seed: number) => evaluateBinary({ labels, probabilities }, { resamples: 50, seed }).metrics;

    expect(interval(7)).toEqual(interval(7));
    expect(interval(8)).not.toEqual(interval(7));
  });

  it('draws from each class as many rows as it has', () => {
    const strata = Uint8Array.from([0, 1, 1, 0, 1]);
    const drawn: number[][] = [];

    resample(strata, { resamples: 20, seed: 1 }, (counts) => drawn.push([...counts]));

    expect(drawn).toHaveLength(20);
    for (const counts of drawn) {
      expect(counts[0]! + counts[3]!).toBe(2);
      expect(counts[1]! + counts[2]! + counts[4]!).toBe(3);
    }
  });

  it('leaves out what cannot be measured', () => {
    const measures = { nothing: () => undefined, one: () => 1 };

    const found = estimateAll(measures, Uint8Array.from([0, 1]), { resamples: 5, seed: 1 });

    expect(found).toEqual({ nothing: undefined, one: { value: 1, low: 1, high: 1 } });
  });

  it.each([[0], [1.5], [Number.NaN]])('refuses %d resamples', (resamples) => {
    expect(() => evaluateBinary({ labels, probabilities }, { resamples, seed: 1 })).toThrow(RangeError);
  });

  it('refuses a confidence of 1', () => {
    expect(() => evaluateBinary({ labels, probabilities }, { resamples: 1, seed: 1, confidence: 1 })).toThrow(
      RangeError,
    );
  });
});

describe('a paired comparison', () => {
  const options = { resamples: 400, seed: 5 };
  const blurred = (probabilities as number[]).map((p, i) => 0.5 + (p - 0.5) * (i % 3 === 0 ? -0.4 : 0.6));
  const compared = (changes: Partial<BinaryRivals>) =>
    compareBinary({ labels, champion: blurred, challenger: probabilities, metric: 'log_loss', ...changes }, options);

  it.each([
    ['log_loss', 'lower'],
    ['roc_auc', 'higher'],
  ] as const)('by %s finds the better challenger better by more than noise', (metric, better) => {
    const found = compared({ metric })!;

    expect(found).toMatchObject({ better, isBetter: true, probabilityBetter: 1 });
    expect(found.difference.value).toBe(found.challenger - found.champion);
  });

  it('does not take the worse challenger', () => {
    const found = compared({ champion: probabilities, challenger: blurred })!;

    expect(found).toMatchObject({ isBetter: false, probabilityBetter: 0 });
  });

  it('of a model with itself is a draw', () => {
    const found = compared({ champion: probabilities })!;

    expect(found).toMatchObject({ isBetter: false, probabilityBetter: 0.5, difference: { value: 0, low: 0, high: 0 } });
  });

  it('judges the pair, not the rows: its interval is narrower than those of the two', () => {
    const nearly = (probabilities as number[]).map((p) => p * 0.98 + 0.01);
    const { difference } = compared({ champion: nearly })!;

    const alone = evaluateBinary({ labels, probabilities }, options).metrics.log_loss!;

    expect(difference.high - difference.low).toBeLessThan((alone.high - alone.low) / 5);
  });

  it('of rows of one class has no AUC to tell', () => {
    const rivals = { labels: [1, 1], champion: [0.1, 0.2], challenger: [0.3, 0.4] };

    expect(compareBinary({ ...rivals, metric: 'roc_auc' }, options)).toBeUndefined();
  });

  it('refuses rivals of different rows', () => {
    expect(() => compared({ champion: [0.5] })).toThrow(RangeError);
  });
});
