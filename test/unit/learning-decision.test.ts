import { costThreshold, f1Threshold, rankRows, segmentCuts, segmentOf, segmentSummaries } from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';
import { golden } from '../support/learning.ts';

const { labels, probabilities, costs, cost_threshold, f1_threshold } = golden.binary;
const ranked = rankRows(labels, probabilities);

describe('a threshold by cost', () => {
  it('is as cheap as the cheapest that trying them all finds', () => {
    const found = costThreshold(ranked, costs)!;

    expect(found.expectedCost).toBeCloseTo(-cost_threshold.value, 12);
    expect(found.threshold).toBeCloseTo(cost_threshold.threshold, 12);
  });

  it('would be a fifth where a miss costs four false alarms, if probabilities were exact', () => {
    const found = costThreshold(ranked, { truePositive: 0, falsePositive: 1, trueNegative: 0, falseNegative: 4 })!;

    expect(found.theoreticalThreshold).toBe(0.2);
  });

  it('calls nobody positive where only false alarms could come of it', () => {
    const found = costThreshold(rankRows([1, 0], [0.2, 0.9]), { ...costs, falsePositive: 100 })!;

    expect(found.threshold).toBeCloseTo(0.95, 12);
    expect(found.expectedCost).toBe(7 / 2);
  });

  it('has nothing to say of no rows', () => {
    expect(costThreshold(rankRows([], []), costs)).toBeUndefined();
  });

  it.each([
    [{ ...costs, falsePositive: 0 }],
    [{ ...costs, falseNegative: 1 }],
    [{ ...costs, falseNegative: Number.NaN }],
  ])('refuses costs %j, by which a mistake is no worse than being right', (senseless) => {
    expect(() => costThreshold(ranked, senseless)).toThrow(RangeError);
  });
});

describe('a threshold by F1', () => {
  it('is as good as the best that trying them all finds', () => {
    const found = f1Threshold(ranked)!;

    expect(found.f1).toBeCloseTo(f1_threshold.value, 12);
    expect(found.threshold).toBeCloseTo(f1_threshold.threshold, 12);
  });

  it('has nothing to say where no row is positive', () => {
    expect(f1Threshold(rankRows([0, 0], [0.1, 0.9]))).toBeUndefined();
  });
});

describe('segments', () => {
  const tenths = Float64Array.from({ length: 11 }, (_, i) => i / 10);

  it('are cut so that each has its share of the rows', () => {
    const cuts = segmentCuts(tenths, { medium: 0.3, high: 0.2 });

    expect(cuts.medium).toBeCloseTo(0.5, 12);
    expect(cuts.high).toBeCloseTo(0.8, 12);
  });

  it('reach from their cut up', () => {
    const cuts = { medium: 0.2, high: 0.5 };

    expect([0, 0.19, 0.2, 0.49, 0.5, 1].map((p) => segmentOf(cuts, p))).toEqual([
      'low',
      'low',
      'medium',
      'medium',
      'high',
      'high',
    ]);
  });

  it('tell what became of their rows', () => {
    const found = segmentSummaries({ medium: 0.5, high: 0.9 }, Uint8Array.of(0, 1, 1), Float64Array.of(0.2, 0.5, 0.7));

    expect(found).toEqual([
      { segment: 'low', rows: 1, meanProbability: 0.2, positiveRate: 0 },
      { segment: 'medium', rows: 2, meanProbability: 0.6, positiveRate: 1 },
      { segment: 'high', rows: 0, meanProbability: undefined, positiveRate: undefined },
    ]);
  });

  it.each([
    [new Float64Array(), { medium: 0.3, high: 0.2 }],
    [tenths, { medium: 0.9, high: 0.2 }],
    [tenths, { medium: 0, high: 0.2 }],
    [Float64Array.of(1.2), { medium: 0.3, high: 0.2 }],
  ])('refuse %j cut by %j', (values, shares) => {
    expect(() => segmentCuts(values, shares)).toThrow(RangeError);
  });
});
