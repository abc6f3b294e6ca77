import type { BinaryEvaluation } from '../learning/index.ts';
import { type Area, axes, curve, scalesOf, unitAxis } from './axes.ts';
import type { Chart } from './chart.ts';
import { legend } from './legend.ts';
import { metricNumber } from './number-format.ts';
import { NEW, OLD, type Rivals, withInterval } from './rivals.ts';

const area: Area = { left: 66, top: 116, width: 410, height: 410 };
const x = unitAxis('false positive rate');
const y = unitAxis('true positive rate');

/** The ROC curve, the champion's beside it. @returns nothing where one of the classes has no rows */
export function rocChart({ evaluation, champion }: Rivals): Chart | undefined {
  if (!evaluation.rocCurve) return undefined;
  const scales = scalesOf(area, x, y);
  const auc = withInterval(evaluation.metrics.roc_auc);
  const rival = champion?.rocCurve && { points: pointsOf(champion), auc: withInterval(champion.metrics.roc_auc) };
  return {
    name: 'roc',
    title: 'ROC curve',
    description: `Area under the curve ${auc}${rival ? `; the champion's ${rival.auc}` : ''}.`,
    widthPx: 510,
    heightPx: 586,
    content: [
      ...axes(area, x, y),
      curve(
        scales,
        [
          [0, 0],
          [1, 1],
        ],
        'kc-chance',
      ),
      ...(rival ? [curve(scales, rival.points, OLD)] : []),
      curve(scales, pointsOf(evaluation), NEW),
      ...legend(
        [
          { label: `this run, AUC ${auc}`, look: NEW, mark: 'line' },
          ...(rival ? [{ label: `champion, AUC ${rival.auc}`, look: OLD, mark: 'line' } as const] : []),
          { label: `chance, AUC ${metricNumber(0.5)}`, look: 'kc-chance', mark: 'line' },
        ],
        66,
        52,
      ),
    ],
  };
}

const pointsOf = ({ rocCurve }: BinaryEvaluation) =>
  rocCurve!.map(({ falsePositiveRate, truePositiveRate }) => [falsePositiveRate, truePositiveRate] as const);
