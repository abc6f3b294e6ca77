import type { RankedRows } from '../learning/index.ts';
import { type Area, axes, line, roundAxis, scalesOf, unitAxis } from './axes.ts';
import { type Chart, shortened, text } from './chart.ts';
import { legend } from './legend.ts';
import { element } from './markup.ts';
import { counted, shortNumber } from './number-format.ts';

/** How many rows of each class have a probability within each bin; bins are of equal width over [0, 1]. */
export interface ScoreHistogram {
  readonly negatives: readonly number[];
  readonly positives: readonly number[];
}

/** Bins are closed on the left; 1 is in the last. */
export function scoreHistogram({ labels, scores, length }: RankedRows, bins = 20): ScoreHistogram {
  const counts = { negatives: new Array<number>(bins).fill(0), positives: new Array<number>(bins).fill(0) };
  for (let i = 0; i < length; i++) {
    const bin = Math.min(bins - 1, Math.floor(scores[i]! * bins));
    counts[labels[i] === 1 ? 'positives' : 'negatives'][bin]! += 1;
  }
  return counts;
}

export interface ScoreOptions {
  readonly histogram: ScoreHistogram;
  /** the negative class, then the positive */
  readonly classes: readonly string[];
  /** rows with at least this probability are called positive */
  readonly threshold: number;
}

const area: Area = { left: 66, top: 96, width: 500, height: 280 };

/** The probabilities of each class, side by side in each bin, and the threshold. */
export function scoreChart({ histogram, classes, threshold }: ScoreOptions): Chart {
  const { negatives, positives } = histogram;
  const x = unitAxis('predicted probability');
  const y = { ...roundAxis('rows', 0, Math.max(1, ...negatives, ...positives)), format: counted };
  const scales = scalesOf(area, x, y);
  const bin = area.width / negatives.length;
  const bars = (counts: readonly number[], look: string, offset: number) =>
    counts.map((count, i) =>
      element('rect', {
        class: look,
        x: area.left + i * bin + 1 + offset,
        y: scales.y(count),
        width: bin / 2 - 1.5,
        height: scales.y(0) - scales.y(count),
      }),
    );
  const at = scales.x(threshold);
  return {
    name: 'scores',
    title: 'Probabilities by class',
    description: `Rows with a probability of ${shortNumber(threshold)} or more are called ${classes[1]}.`,
    widthPx: 600,
    heightPx: 434,
    content: [
      ...axes(area, x, y),
      ...bars(negatives, 'kc-fill-old', 0),
      ...bars(positives, 'kc-fill-new', bin / 2),
      line(at, area.top, at, area.top + area.height, 'kc-mark'),
      text(
        `threshold ${shortNumber(threshold)}`,
        { x: at + (threshold > 0.7 ? -8 : 8), y: area.top + 12 },
        threshold > 0.7 ? 'kc-end' : '',
      ),
      ...legend(
        [
          { label: shortened(classes[0]!, 50), look: 'kc-fill-old', mark: 'box' },
          { label: shortened(classes[1]!, 50), look: 'kc-fill-new', mark: 'box' },
        ],
        56,
        50,
      ),
    ],
  };
}
