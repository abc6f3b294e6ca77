import type { Metric } from '@kilat/contracts';
import { metricNumber } from '@kilat/core/reports';

/** A figure with its 95 % interval, where it has one. */
export const metricText = (metric: Metric | undefined): string => {
  if (!metric) return '–';
  const { value, low, high } = metric;
  const interval = low !== undefined && high !== undefined ? ` (${metricNumber(low)} to ${metricNumber(high)})` : '';
  return metricNumber(value) + interval;
};
