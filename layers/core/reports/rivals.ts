import type { BinaryEvaluation, Estimate } from '../learning/index.ts';
import { metricNumber } from './number-format.ts';

/** A trained model on held-out rows, and the champion on the very same rows, where it can answer them. */
export interface Rivals {
  readonly evaluation: BinaryEvaluation;
  readonly champion?: BinaryEvaluation | undefined;
}

/** How the lines of each look, in every chart. */
export const NEW = 'kc-line kc-new';
export const OLD = 'kc-line kc-old';

export const withInterval = (estimate: Estimate | undefined): string =>
  estimate ? `${metricNumber(estimate.value)} (${metricNumber(estimate.low)} to ${metricNumber(estimate.high)})` : '–';
