import { text } from './chart.ts';
import { element, type Markup } from './markup.ts';
import { shortNumber } from './number-format.ts';

/** The rectangle that the data stand in, in pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Axis {
  /** empty where another axis says it already */
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** @default shortNumber */
  readonly format?: (value: number) => string;
}

/** Rates and probabilities. */
export const unitAxis = (label: string): Axis => ({ label, from: 0, to: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] });

const NICE_STEPS = [1, 2, 2.5, 5, 10];

/** An axis of about five round ticks that holds both values. */
export function roundAxis(label: string, low: number, high: number): Axis {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const magnitude = 10 ** Math.floor(Math.log10(span / 5));
  const step = magnitude * NICE_STEPS.find((nice) => nice * magnitude * 5 >= span)!;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return { label, from: ticks[0]!, to: ticks.at(-1)!, ticks };
}

export interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

export const scalesOf = (area: Area, x: Axis, y: Axis): Scales => ({
  x: (value) => area.left + ((value - x.from) / (x.to - x.from)) * area.width,
  y: (value) => area.top + area.height - ((value - y.from) / (y.to - y.from)) * area.height,
});

/** Grid, ticks and labels of both axes. */
export function axes(area: Area, x: Axis, y: Axis): Markup[] {
  const scales = scalesOf(area, x, y);
  const bottom = area.top + area.height;
  const middle = area.top + area.height / 2;
  return [
    ...y.ticks.flatMap((tick) => [
      line(area.left, scales.y(tick), area.left + area.width, scales.y(tick), 'kc-grid'),
      text(told(y, tick), { x: area.left - 9, y: scales.y(tick) + 4 }, 'kc-quiet kc-end'),
    ]),
    ...x.ticks.map((tick) => text(told(x, tick), { x: scales.x(tick), y: bottom + 18 }, 'kc-quiet kc-middle')),
    line(area.left, bottom, area.left + area.width, bottom, 'kc-axis'),
    ...(x.label ? [text(x.label, { x: area.left + area.width / 2, y: bottom + 40 }, 'kc-middle')] : []),
    ...(y.label ? [text(y.label, { transform: `translate(20 ${middle}) rotate(-90)` }, 'kc-middle')] : []),
  ];
}

const told = ({ format = shortNumber }: Axis, tick: number): string => format(tick);

export const line = (x1: number, y1: number, x2: number, y2: number, look: string): Markup =>
  element('line', { class: look, x1, y1, x2, y2 });

/** A curve through points, by their values. */
export function curve({ x, y }: Scales, points: readonly (readonly [number, number])[], look: string): Markup {
  const path = points.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${rounded(x(px))} ${rounded(y(py))}`).join('');
  return element('path', { class: look, d: path });
}

const rounded = (value: number): number => Number(value.toFixed(2));
