import type { TabularManifest } from '@kilat/contracts';
import {
  type BinaryEvaluation,
  type BinaryMetricName,
  type BinaryPredictions,
  binaryLabels,
  binaryMetrics,
  compareBinary,
  costCurve,
  evaluateBinary,
  type PairedComparison,
  rankProbabilities,
} from '../../learning/index.ts';
import { type EvaluationReport, scoreHistogram } from '../../reports/index.ts';
import { rowsOf } from '../dataset.ts';
import { metricsOf } from '../metrics.ts';
import type { Evaluation } from '../recipe.ts';
import { costMatrix } from './costs.ts';
import type { TabularJob } from './cross-validation.ts';

const PRIMARY = 'roc_auc' satisfies BinaryMetricName;
/**
 * Lift among the tenth of highest risk is ten times their recall. Recall at a threshold is no guard: it rises as a
 * model's probabilities grow too high, and a worse model would be kept for that.
 */
const GUARDS = ['log_loss', 'expected_calibration_error', 'top_decile_lift'] as const satisfies BinaryMetricName[];
const RESAMPLES = 1000;

/** A model that has answered the held-out rows. */
export interface Answered {
  readonly manifest: TabularManifest;
  readonly probabilities: ArrayLike<number>;
}

/** Measures a model on held-out rows, each by its own threshold, beside the champion where there is one. */
export function evaluateTabular(job: TabularJob, model: Answered, champion: Answered | undefined): Evaluation {
  const { table } = job.manifest;
  const labels = binaryLabels(table.target, rowsOf(job.dataset, 'held-out'));
  const options = { seed: job.seed, resamples: RESAMPLES };
  const measure = ({ manifest, probabilities }: Answered) =>
    evaluateBinary({ labels, probabilities }, { ...options, threshold: thresholdOf(manifest) });
  const own = measure(model);
  const rival = champion && measure(champion);
  return {
    rows: labels.length,
    metrics: metricsOf(own.metrics),
    ...(rival && { championMetrics: metricsOf(rival.metrics) }),
    primary: PRIMARY,
    guards: GUARDS,
    comparisons: champion ? comparisonsOf({ labels, model, champion }, options) : {},
    report: reportOf(job.manifest, { labels, probabilities: model.probabilities }, own, rival),
  };
}

function reportOf(
  { table: { target }, training }: TabularManifest,
  predictions: BinaryPredictions,
  evaluation: BinaryEvaluation,
  champion: BinaryEvaluation | undefined,
): EvaluationReport {
  const ranked = rankProbabilities(predictions);
  const negative = target.classes.find((name) => name !== target.positive_class)!;
  return {
    kind: 'binary',
    classes: [negative, target.positive_class],
    evaluation,
    ...(champion && { champion }),
    scores: scoreHistogram(ranked),
    ...(training.costs && { costs: costCurve(ranked, costMatrix(training.costs)) }),
  };
}

const thresholdOf = ({ postprocessing }: TabularManifest): number => postprocessing.decision_threshold;

interface Rivals {
  readonly labels: Uint8Array;
  readonly model: Answered;
  readonly champion: Answered;
}

/** At the champion's threshold, both of them: another one trades recall for precision, and makes no model better. */
function comparisonsOf(
  { labels, model, champion }: Rivals,
  options: { readonly seed: number; readonly resamples: number },
): Record<string, PairedComparison> {
  const rivals = {
    labels,
    challenger: model.probabilities,
    champion: champion.probabilities,
    threshold: thresholdOf(champion.manifest),
  };
  const names = Object.keys(binaryMetrics) as BinaryMetricName[];
  return Object.fromEntries(
    names.flatMap((metric) => {
      const comparison = compareBinary({ ...rivals, metric }, options);
      return comparison ? [[metric, comparison]] : [];
    }),
  );
}
