import type { BinaryEvaluation } from '../learning/index.ts';
import { type Area, axes, curve, scalesOf, unitAxis } from './axes.ts';
import type { Chart } from './chart.ts';
import { legend } from './legend.ts';
import { percent } from './number-format.ts';
import { NEW, OLD, type Rivals, withInterval } from './rivals.ts';

const area: Area = { left: 66, top: 116, width: 410, height: 410 };
const x = unitAxis('recall');
const y = unitAxis('precision');

/** Precision by recall, the champion's beside it. @returns nothing where one of the classes has no rows */
export function precisionRecallChart({ evaluation, champion }: Rivals): Chart | undefined {
  if (!evaluation.precisionRecallCurve) return undefined;
  const scales = scalesOf(area, x, y);
  const share = evaluation.positives / evaluation.rows;
  const average = withInterval(evaluation.metrics.pr_auc);
  const rival = champion?.precisionRecallCurve && {
    points: pointsOf(champion),
    average: withInterval(champion.metrics.pr_auc),
  };
  return {
    name: 'precision-recall',
    title: 'Precision and recall',
    description:
      `Average precision ${average}${rival ? `; the champion's ${rival.average}` : ''}. ` +
      `${percent(share)} of the rows are positive.`,
    widthPx: 510,
    heightPx: 586,
    content: [
      ...axes(area, x, y),
      curve(
        scales,
        [
          [0, share],
          [1, share],
        ],
        'kc-chance',
      ),
      ...(rival ? [curve(scales, rival.points, OLD)] : []),
      curve(scales, pointsOf(evaluation), NEW),
      ...legend(
        [
          { label: `this run, AP ${average}`, look: NEW, mark: 'line' },
          ...(rival ? [{ label: `champion, AP ${rival.average}`, look: OLD, mark: 'line' } as const] : []),
          { label: `chance: ${percent(share)} are positive`, look: 'kc-chance', mark: 'line' },
        ],
        66,
        52,
      ),
    ],
  };
}

const pointsOf = ({ precisionRecallCurve }: BinaryEvaluation) =>
  precisionRecallCurve!.map(({ recall, precision }) => [recall, precision] as const);
