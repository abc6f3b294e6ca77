import { confidences, softmax, topLabels } from '@kilat/core';
import { describe, expect, it } from 'vitest';

const near = (values: readonly number[], digits: number) => values.map((value) => expect.closeTo(value, digits));

describe('softmax', () => {
  it('gives the published shares of 1, 2, 3, 4, 1, 2, 3', () => {
    // https://en.wikipedia.org/wiki/Softmax_function, the example with base e
    const published = [0.024, 0.064, 0.175, 0.475, 0.024, 0.064, 0.175];

    expect([...softmax([1, 2, 3, 4, 1, 2, 3])]).toEqual(near(published, 3));
  });

  it('does not overflow where e to the logit would', () => {
    expect([...softmax([1000, 1000])]).toEqual([0.5, 0.5]);
    expect([...softmax([-1000, -1000])]).toEqual([0.5, 0.5]);
  });

  it('sums to 1 over a thousand logits', () => {
    const logits = Float32Array.from({ length: 1000 }, (_, index) => (index % 40) - 20);

    expect(softmax(logits).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });
});

describe('confidences', () => {
  it('by sigmoid judge each label by itself: 0 is even, ln 3 is 3 to 1', () => {
    expect([...confidences([0, Math.log(3)], 'sigmoid')]).toEqual(near([0.5, 0.75], 12));
  });

  it('stay as the model gives them where no function is applied', () => {
    expect([...confidences([0.25, 0.75], 'none')]).toEqual([0.25, 0.75]);
  });
});

describe('the top labels', () => {
  const labels = ['cat', 'dog', 'cow'];

  it('come highest first', () => {
    expect(topLabels(Float64Array.from([0.2, 0.3, 0.5]), labels, 2)).toEqual([
      { label: 'cow', confidence: 0.5 },
      { label: 'dog', confidence: 0.3 },
    ]);
  });

  it('keep the order of the labels where they are equal', () => {
    const names = topLabels(Float64Array.from([0.4, 0.2, 0.4]), labels, 3).map(({ label }) => label);

    expect(names).toEqual(['cat', 'cow', 'dog']);
  });

  it('are all of them when more are asked for', () => {
    expect(topLabels(Float64Array.from([0.2, 0.3, 0.5]), labels, 1000)).toHaveLength(3);
  });
});
