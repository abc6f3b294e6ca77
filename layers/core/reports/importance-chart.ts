import type { Importance } from '../learning/index.ts';
import { type Area, axes, line, roundAxis, scalesOf } from './axes.ts';
import { type Chart, shortened, text } from './chart.ts';
import { element, type Markup } from './markup.ts';
import { shortNumber } from './number-format.ts';

export interface ImportanceOptions {
  /** the most important first */
  readonly importances: readonly Importance[];
  /** what falls when a column is shuffled */
  readonly metric: string;
}

const MAX_BARS = 20;
const MAX_LABEL = 24;
const ROW_PX = 26;
const LEFT = 210;

/** Permutation importance: bars with a standard deviation to either side. @returns nothing where there are none */
export function importanceChart({ importances, metric }: ImportanceOptions): Chart | undefined {
  const [first] = importances;
  if (!first) return undefined;
  const shown = importances.slice(0, MAX_BARS);
  const area: Area = { left: LEFT, top: 50, width: 380, height: shown.length * ROW_PX };
  const low = Math.min(0, ...shown.map(({ mean, deviation }) => mean - deviation));
  const high = Math.max(0, ...shown.map(({ mean, deviation }) => mean + deviation));
  const x = roundAxis(`${metric}: how much worse with the column shuffled`, low, high);
  const y = { label: '', from: 0, to: 1, ticks: [] };
  const scales = scalesOf(area, x, y);
  return {
    name: 'importance',
    title: 'Importance of columns',
    description: `${first.column} matters most: ${metric} worsens by ${shortNumber(first.mean)} without it.`,
    widthPx: 640,
    heightPx: area.top + area.height + 58,
    content: [
      ...x.ticks.map((tick) => line(scales.x(tick), area.top, scales.x(tick), area.top + area.height, 'kc-grid')),
      ...axes(area, x, y),
      ...shown.flatMap((importance, row) => bar(importance, area.top + row * ROW_PX, scales.x)),
    ],
  };
}

function bar({ column, mean, deviation }: Importance, top: number, x: (value: number) => number): Markup[] {
  const middle = top + ROW_PX / 2;
  const [from, to] = [x(mean - deviation), x(mean + deviation)];
  return [
    text(shortened(column, MAX_LABEL), { x: LEFT - 10, y: middle + 4 }, 'kc-end'),
    element('rect', {
      class: 'kc-fill-new',
      x: Math.min(x(0), x(mean)),
      y: top + 4,
      width: Math.abs(x(mean) - x(0)),
      height: ROW_PX - 8,
      rx: 2,
    }),
    line(from, middle, to, middle, 'kc-mark'),
    line(from, middle - 4, from, middle + 4, 'kc-mark'),
    line(to, middle - 4, to, middle + 4, 'kc-mark'),
  ];
}
