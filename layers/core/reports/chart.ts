import { CHART_STYLE } from './chart-style.ts';
import { type Attributes, type Child, element, type Markup, styleSheet } from './markup.ts';

/** A picture of fixed size, in pixels. */
export interface Chart {
  /** as files and anchors are named: lower case, digits and hyphens */
  readonly name: string;
  readonly title: string;
  /** what the picture shows, in words, for whoever does not see it */
  readonly description: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly content: readonly Markup[];
}

/** The chart as a file that stands alone. */
export const svgFile = (chart: Chart): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${drawn(chart, true).markup}\n`;

/** The chart within a page, whose style sheet holds `CHART_STYLE`. */
export const inlineSvg = (chart: Chart): Markup => drawn(chart, false);

function drawn({ name, title, description, widthPx, heightPx, content }: Chart, isAlone: boolean): Markup {
  const ids = { title: `${name}-title`, description: `${name}-description` };
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${widthPx} ${heightPx}`,
      width: widthPx,
      height: heightPx,
      role: 'img',
      'aria-labelledby': `${ids.title} ${ids.description}`,
    },
    element('title', { id: ids.title }, title),
    element('desc', { id: ids.description }, description),
    isAlone && styleSheet(CHART_STYLE),
    element('rect', { class: 'kc-surface', width: widthPx, height: heightPx }),
    text(title, { x: 20, y: 28 }, 'kc-title'),
    content,
  );
}

/** @param look further classes beside that of all text */
export const text = (value: Child, position: Attributes, look = ''): Markup =>
  element('text', { class: look ? `kc-text ${look}` : 'kc-text', ...position }, value);

/** Names from elsewhere may be of any length: a chart has room for so many characters. */
export const shortened = (name: string, max: number): string => {
  const characters = [...name];
  return characters.length <= max ? name : `${characters.slice(0, max - 1).join('')}…`;
};
