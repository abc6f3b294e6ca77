import type { TabularTraining } from '@kilat/contracts';
import type { CostMatrix } from '../../learning/index.ts';

/** What mistakes cost beside being right, which costs nothing. */
export const costMatrix = ({
  false_positive: falsePositive,
  false_negative: falseNegative,
}: NonNullable<TabularTraining['costs']>): CostMatrix => ({
  truePositive: 0,
  trueNegative: 0,
  falsePositive,
  falseNegative,
});
