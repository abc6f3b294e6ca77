import type { Metric } from '@kilat/contracts';
import type { Estimate } from '../learning/index.ts';

/** Figures of which there were enough rows to tell. */
export const metricsOf = (estimates: Readonly<Record<string, Estimate | undefined>>): Record<string, Metric> =>
  Object.fromEntries(
    Object.entries(estimates).flatMap(([name, estimate]) =>
      estimate ? [[name, { value: estimate.value, low: estimate.low, high: estimate.high }]] : [],
    ),
  );
