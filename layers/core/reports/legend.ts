import { line } from './axes.ts';
import { text } from './chart.ts';
import { element, type Markup } from './markup.ts';

export interface LegendEntry {
  readonly label: string;
  /** the look of a line, or of a filled mark */
  readonly look: string;
  readonly mark: 'line' | 'box';
}

const ROW_PX = 20;

/** One row each, from the place downwards. */
export const legend = (entries: readonly LegendEntry[], left: number, top: number): Markup[] =>
  entries.flatMap(({ label, look, mark }, row) => {
    const y = top + row * ROW_PX;
    const sample =
      mark === 'line'
        ? line(left, y, left + 30, y, look)
        : element('rect', { class: look, x: left + 9, y: y - 6, width: 12, height: 12, rx: 2 });
    return [sample, text(label, { x: left + 40, y: y + 4 })];
  });
