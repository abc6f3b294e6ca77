import type { BinaryEvaluation, CalibrationBin } from '../learning/index.ts';
import { type Area, axes, curve, roundAxis, type Scales, scalesOf, unitAxis } from './axes.ts';
import type { Chart } from './chart.ts';
import { legend } from './legend.ts';
import { element, type Markup } from './markup.ts';
import { counted } from './number-format.ts';
import { NEW, OLD, type Rivals, withInterval } from './rivals.ts';

const area: Area = { left: 66, top: 116, width: 410, height: 340 };
const countArea: Area = { left: 66, top: 496, width: 410, height: 80 };
const x = unitAxis('mean predicted probability');
const y = unitAxis('share that is positive');

/** The reliability diagram, the champion's beside it, and under it how many rows each bin has. */
export function calibrationChart({ evaluation, champion }: Rivals): Chart {
  const scales = scalesOf(area, x, y);
  const error = withInterval(evaluation.metrics.expected_calibration_error);
  const rival = champion && withInterval(champion.metrics.expected_calibration_error);
  return {
    name: 'calibration',
    title: 'Calibration',
    description:
      `Expected calibration error ${error}${rival ? `; the champion's ${rival}` : ''}. ` +
      `${counted(evaluation.rows)} rows in ${evaluation.calibrationCurve.length} bins.`,
    widthPx: 510,
    heightPx: 636,
    content: [
      ...axes(area, { ...x, label: '' }, y),
      curve(
        scales,
        [
          [0, 0],
          [1, 1],
        ],
        'kc-chance',
      ),
      ...(champion ? [curve(scales, pointsOf(champion), OLD)] : []),
      curve(scales, pointsOf(evaluation), NEW),
      ...evaluation.calibrationCurve.map((bin) => dot(scales, bin)),
      ...legend(
        [
          { label: `this run, error ${error}`, look: NEW, mark: 'line' },
          ...(rival ? [{ label: `champion, error ${rival}`, look: OLD, mark: 'line' } as const] : []),
          { label: 'perfectly calibrated', look: 'kc-chance', mark: 'line' },
        ],
        66,
        52,
      ),
      ...counts(evaluation.calibrationCurve),
    ],
  };
}

const pointsOf = ({ calibrationCurve }: BinaryEvaluation) =>
  calibrationCurve.map(({ meanProbability, positiveRate }) => [meanProbability, positiveRate] as const);

const dot = ({ x, y }: Scales, { meanProbability, positiveRate, rows }: CalibrationBin): Markup =>
  element(
    'circle',
    { class: 'kc-fill-new kc-dot', cx: x(meanProbability), cy: y(positiveRate), r: 5 },
    element('title', {}, `${counted(rows)} rows`),
  );

/** Bins are of equal width, as `calibrationCurve` makes them. */
const BINS = 10;

function counts(bins: readonly CalibrationBin[]): Markup[] {
  const rows = roundAxis('rows', 0, Math.max(1, ...bins.map((bin) => bin.rows)));
  const sparse = { ...rows, ticks: [rows.from, rows.to], format: counted };
  const scales = scalesOf(countArea, x, rows);
  return [
    ...axes(countArea, x, sparse),
    ...bins.map((bin) =>
      element('rect', {
        class: 'kc-fill-new',
        x: scales.x(binOf(bin) / BINS) + 2,
        y: scales.y(bin.rows),
        width: countArea.width / BINS - 4,
        height: scales.y(0) - scales.y(bin.rows),
      }),
    ),
  ];
}

/** 0 to 9; closed on the right. */
const binOf = ({ meanProbability }: CalibrationBin): number => Math.max(0, Math.ceil(meanProbability * BINS) - 1);
