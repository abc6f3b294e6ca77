import type { ConfusionMatrix } from '../learning/index.ts';
import { type Chart, shortened, text } from './chart.ts';
import { element, type Markup } from './markup.ts';
import { counted, percent } from './number-format.ts';

export interface ConfusionOptions {
  readonly confusion: ConfusionMatrix;
  /** in the order of the matrix */
  readonly classes: readonly string[];
}

/** Beyond so many classes, figures no longer fit into the cells. */
const MAX_CLASSES_WITH_FIGURES = 12;
const MAX_LABEL = 14;
/** of a letter, about */
const LETTER_PX = 8;
const LEFT = 150;
const TOP = 76;

/** A heat map: rows by their class, columns by what they were called, shaded by the share of their row. */
export function confusionChart({ confusion, classes }: ConfusionOptions): Chart {
  const cell = cellPx(classes.length);
  const side = cell * classes.length;
  const isSlanted = classes.some((name) => shortened(name, MAX_LABEL).length * LETTER_PX > cell);
  const below = isSlanted ? 84 : 24;
  const right = confusion.reduce((sum, row, index) => sum + row[index]!, 0);
  const all = confusion.flat().reduce((sum, count) => sum + count, 0);
  return {
    name: 'confusion',
    title: 'Confusion matrix',
    description: `${counted(right)} of ${counted(all)} rows are called what they are.`,
    widthPx: LEFT + Math.max(side, 200) + 40,
    heightPx: TOP + side + below + 44,
    content: [
      text('what it is', { x: 20, y: TOP - 14 }, 'kc-quiet'),
      ...confusion.flatMap((row, r) => [
        text(shortened(classes[r]!, MAX_LABEL), { x: LEFT - 12, y: TOP + (r + 0.5) * cell + 4 }, 'kc-end'),
        ...row.flatMap((count, c) =>
          cellOf({ count, share: shareOf(row, count), left: LEFT + c * cell, top: TOP + r * cell, cell, classes }),
        ),
      ]),
      ...classes.map((name, c) => columnLabel(name, LEFT + (c + 0.5) * cell, TOP + side, isSlanted)),
      text('what it was called', { x: LEFT + side / 2, y: TOP + side + below + 18 }, 'kc-quiet kc-middle'),
    ],
  };
}

const cellPx = (classes: number): number => Math.max(8, Math.min(130, Math.floor(620 / Math.max(classes, 4))));

const shareOf = (row: readonly number[], count: number): number => {
  const total = row.reduce((sum, value) => sum + value, 0);
  return total === 0 ? 0 : count / total;
};

interface Cell {
  readonly count: number;
  /** of the row, 0 to 1 */
  readonly share: number;
  readonly left: number;
  readonly top: number;
  readonly cell: number;
  readonly classes: readonly string[];
}

function cellOf({ count, share, left, top, cell, classes }: Cell): Markup[] {
  const middle = { x: left + cell / 2, y: top + cell / 2 };
  const ink = inkOn(share);
  const hasFigures = classes.length <= MAX_CLASSES_WITH_FIGURES;
  const hasShare = cell >= 50;
  return [
    element('rect', {
      class: 'kc-fill-new',
      'fill-opacity': (0.04 + 0.96 * share).toFixed(3),
      x: left + 1,
      y: top + 1,
      width: cell - 2,
      height: cell - 2,
      rx: 2,
    }),
    ...(hasFigures ? [text(counted(count), { ...middle, y: middle.y + (hasShare ? -2 : 4) }, `kc-middle${ink}`)] : []),
    ...(hasFigures && hasShare
      ? [text(percent(share), { ...middle, y: middle.y + 15 }, `kc-quiet kc-middle${ink}`)]
      : []),
  ];
}

/** What is readable on a cell: a mild one is light on a light page, and on a dark page no longer dark. */
function inkOn(share: number): string {
  if (share > 0.85) return ' kc-on-strong';
  return share > 0.45 ? ' kc-on-mild' : '';
}

function columnLabel(name: string, x: number, y: number, isSlanted: boolean): Markup {
  const label = shortened(name, MAX_LABEL);
  if (!isSlanted) return text(label, { x, y: y + 18 }, 'kc-middle');
  return text(label, { transform: `translate(${Number(x.toFixed(2)) + 4} ${y + 14}) rotate(-35)` }, 'kc-end');
}
