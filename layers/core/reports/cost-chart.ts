import type { PricedCut } from '../learning/index.ts';
import { type Area, axes, curve, line, roundAxis, scalesOf, unitAxis } from './axes.ts';
import { type Chart, text } from './chart.ts';
import { shortNumber } from './number-format.ts';
import { NEW } from './rivals.ts';

export interface CostOptions {
  /** by falling threshold */
  readonly cuts: readonly PricedCut[];
  /** the one that was chosen */
  readonly threshold: number;
}

const area: Area = { left: 76, top: 56, width: 490, height: 300 };

/** What every threshold would cost for a row, and the one that was chosen. @returns nothing where there are no rows */
export function costChart({ cuts, threshold }: CostOptions): Chart | undefined {
  if (cuts.length === 0) return undefined;
  const costs = cuts.map(({ expectedCost }) => expectedCost);
  const [low, high] = [Math.min(...costs), Math.max(...costs)];
  const x = unitAxis('threshold');
  const y = roundAxis('expected cost of a row', Math.min(0, low), high);
  const scales = scalesOf(area, x, y);
  const at = scales.x(threshold);
  return {
    name: 'cost',
    title: 'Cost by threshold',
    description: `The lowest cost is ${shortNumber(low)} a row; the threshold is ${shortNumber(threshold)}.`,
    widthPx: 600,
    heightPx: 414,
    content: [
      ...axes(area, x, y),
      curve(
        scales,
        cuts.map((cut) => [cut.threshold, cut.expectedCost] as const),
        NEW,
      ),
      line(at, area.top, at, area.top + area.height, 'kc-mark'),
      text(
        `threshold ${shortNumber(threshold)}`,
        { x: at + (threshold > 0.7 ? -8 : 8), y: area.top + 12 },
        threshold > 0.7 ? 'kc-end' : '',
      ),
    ],
  };
}
