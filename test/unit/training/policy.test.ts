import { decide } from '@kilat/core';
import type { PairedComparison } from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';

type Interval = readonly [low: number, high: number];

const comparison = (better: 'higher' | 'lower', [low, high]: Interval): PairedComparison => ({
  better,
  champion: 0.8,
  challenger: 0.8 + (low + high) / 2,
  difference: { value: (low + high) / 2, low, high },
  probabilityBetter: 0.5,
  isBetter: better === 'higher' ? low > 0 : high < 0,
});

/** The interval of the AUC, and of the calibration error, which is better where it is lower. */
const judged = (auc: Interval, calibrationError: Interval = [-0.01, 0.01]) => ({
  primary: 'roc_auc',
  guards: ['expected_calibration_error'],
  comparisons: {
    roc_auc: comparison('higher', auc),
    expected_calibration_error: comparison('lower', calibrationError),
  },
});

describe('the policy of promotion', () => {
  it.each([
    ['better by more than noise', 'auto', judged([0.01, 0.03]), 'champion'],
    ['better by more than noise, promoted by hand', 'manual', judged([0.01, 0.03]), 'challenger'],
    ['better, but maybe by noise', 'auto', judged([0, 0.03]), 'challenger'],
    ['worse, but maybe by noise', 'auto', judged([-0.02, 0.001]), 'challenger'],
    ['worse by more than noise', 'auto', judged([-0.02, -0.001]), 'none'],
    ['worse by more than noise, promoted by hand', 'manual', judged([-0.02, -0.001]), 'none'],
    ['better, and worse in a guard by more than noise', 'auto', judged([0.01, 0.03], [0.001, 0.02]), 'challenger'],
    ['better, and better in the guard', 'auto', judged([0.01, 0.03], [-0.02, -0.01]), 'champion'],
    ['worse, and worse in the guard', 'auto', judged([-0.03, -0.01], [0.001, 0.02]), 'none'],
  ] as const)('answers a version that is %s (%s) with %s', (_, promotion, evaluation, alias) => {
    expect(decide(promotion, evaluation).alias).toBe(alias);
  });

  it('makes a challenger of what nobody could compare', () => {
    expect(decide('auto', { primary: 'roc_auc', guards: [], comparisons: {} })).toEqual({
      alias: 'challenger',
      reason: 'there is no champion that answers the same rows',
    });
  });

  it('says by how much', () => {
    expect(decide('auto', judged([0.01, 0.03])).reason).toBe(
      'better than the champion by more than noise: roc_auc 0.8200 against 0.8000, 95 % of the difference 0.0100 to 0.0300',
    );
  });
});
