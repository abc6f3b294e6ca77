import type { BinaryEvaluation, ClassEvaluation, Importance, PricedCut } from '../learning/index.ts';
import { calibrationChart } from './calibration-chart.ts';
import type { Chart } from './chart.ts';
import { confusionChart } from './confusion-chart.ts';
import { costChart } from './cost-chart.ts';
import { importanceChart } from './importance-chart.ts';
import { precisionRecallChart } from './precision-recall-chart.ts';
import { rocChart } from './roc-chart.ts';
import { type ScoreHistogram, scoreChart } from './score-chart.ts';

interface AnyEvaluation {
  /** names, in the order of the confusion matrix; of two the second is the positive class */
  readonly classes: readonly string[];
}

/** What the held-out rows said of a model of two classes. Plain JSON, for it travels between steps of a run. */
export interface BinaryEvaluationReport extends AnyEvaluation {
  readonly kind: 'binary';
  readonly evaluation: BinaryEvaluation;
  /** on the same rows; absent where it cannot answer them */
  readonly champion?: BinaryEvaluation | undefined;
  readonly scores: ScoreHistogram;
  /** absent where nobody named costs */
  readonly costs?: readonly PricedCut[] | undefined;
}

/** The same of a model of any number of classes. */
export interface ClassEvaluationReport extends AnyEvaluation {
  readonly kind: 'classes';
  readonly evaluation: ClassEvaluation;
  readonly champion?: ClassEvaluation | undefined;
}

export type EvaluationReport = BinaryEvaluationReport | ClassEvaluationReport;

/** What columns are worth to the model. */
export interface ImportanceReport {
  readonly metric: string;
  /** the most important first */
  readonly importances: readonly Importance[];
}

/** The pictures of a run, in the order in which people look at them; what there is too little data for is left out. */
export function chartsOf(report: EvaluationReport, importance?: ImportanceReport): Chart[] {
  const { evaluation, classes } = report;
  const confusion = confusionChart({ confusion: evaluation.confusion, classes });
  const charts = report.kind === 'binary' ? [...binaryCharts(report), confusion] : [confusion];
  const bars = importance && importanceChart(importance);
  return bars ? [...charts, bars] : charts;
}

function binaryCharts({ evaluation, champion, scores, costs, classes }: BinaryEvaluationReport): Chart[] {
  const rivals = { evaluation, champion };
  const { threshold } = evaluation;
  const charts = [
    rocChart(rivals),
    precisionRecallChart(rivals),
    calibrationChart(rivals),
    scoreChart({ histogram: scores, classes, threshold }),
    costs && costChart({ cuts: costs, threshold }),
  ];
  return charts.filter((chart) => chart !== undefined);
}
