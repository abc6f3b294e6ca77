import type { TabularManifest } from '@kilat/contracts';
import {
  binaryLabels,
  calibrateAll,
  chooseCalibration,
  crossValidate,
  evaluateBinary,
  type LabelledRows,
  type Measured,
  type NestedCrossValidation,
  type Split,
  stratifiedFolds,
  subset,
  sweepReport,
} from '../../learning/index.ts';
import { rowsOf } from '../dataset.ts';
import { metricsOf } from '../metrics.ts';
import type { CandidateResult, CandidateSpec, TrainingJob } from '../recipe.ts';
import { candidateOf } from './candidates.ts';

/** Chooses among candidates: it speaks of ranking and of calibration at once. */
export const SELECTION_METRIC = 'log_loss';

/** A candidate on one set of folds; log-odds of each row, by a model that did not learn from it. */
interface FoldResult {
  readonly outOfFold: readonly number[];
  readonly foldScores: readonly number[];
}

/** What one candidate is worth; plain JSON. */
export interface TabularFound {
  /** on the training rows, from which one is chosen to serve */
  readonly training: FoldResult;
  /** within each outer fold over all rows, and the log-odds of the rows that the fold holds out */
  readonly outer: readonly (FoldResult & { readonly logOdds: readonly number[] })[];
}

export interface TabularJob extends Omit<TrainingJob, 'parent'> {
  readonly manifest: TabularManifest;
}

export type TabularResult = CandidateResult<TabularFound>;

/** The rows that a model may learn from. */
export function trainingRows({ manifest: { table }, dataset }: TabularJob): LabelledRows {
  const rows = rowsOf(dataset, 'training');
  return { rows, labels: binaryLabels(table.target, rows) };
}

/**
 * Cross-validates one candidate by itself, in such a way that nested cross-validation over all candidates can be put
 * together afterwards: choosing needs every candidate, and fitting, which takes the time, needs none but its own.
 */
export function crossValidateCandidate(job: TabularJob, spec: CandidateSpec): TabularResult {
  const { manifest, seed } = job;
  const candidate = candidateOf(manifest.table, spec, seed);
  const data = trainingRows(job);
  const training = folded(crossValidate(candidate, { data, splits: innerFolds(job, data) }, SELECTION_METRIC));
  const all = allRows(job);
  const outer = outerFolds(job, all).map(({ train, test }) => {
    const within = subset(all, train);
    const inner = folded(crossValidate(candidate, { data: within, splits: innerFolds(job, within) }, SELECTION_METRIC));
    return { ...inner, logOdds: [...candidate.fit(within).logOdds(subset(all, test).rows)] };
  });
  const probabilities = calibrateAll({ method: 'none' }, Float64Array.from(training.outOfFold));
  const { metrics } = evaluateBinary({ labels: data.labels, probabilities }, { seed, resamples: 200 });
  return { spec, metrics: metricsOf(metrics), found: { training, outer } };
}

const folded = ({ outOfFold, foldScores }: ReturnType<typeof crossValidate>): FoldResult => ({
  outOfFold: [...outOfFold],
  foldScores,
});

/**
 * Nested cross-validation over all rows, held-out ones too: each is predicted by what was chosen, calibrated and fitted
 * without its fold. It tells what the whole procedure is worth; the model that serves learns of training rows alone.
 */
export function nestedEstimate(
  job: TabularJob,
  results: readonly TabularResult[],
): NestedCrossValidation & {
  readonly labels: Uint8Array;
} {
  const all = allRows(job);
  const probabilities = new Float64Array(all.rows.length);
  const logOdds = new Float64Array(all.rows.length);
  const folds = outerFolds(job, all).map(({ train, test }, fold) => {
    const sweep = sweepReport(
      measured(results, ({ outer }) => outer[fold]!),
      SELECTION_METRIC,
    );
    const { outOfFold, logOdds: scores } = results[sweep.chosen]!.found.outer[fold]!;
    const { labels } = subset(all, train);
    const { calibration } = chooseCalibration(Float64Array.from(outOfFold), labels, { seed: job.seed });
    const fitted = calibrateAll(calibration, Float64Array.from(scores));
    test.forEach((row, i) => {
      logOdds[row] = scores[i]!;
      probabilities[row] = fitted[i]!;
    });
    return { chosen: results[sweep.chosen]!.spec.name, calibration: calibration.method, sweep };
  });
  return { probabilities, logOdds, folds, labels: all.labels };
}

/** @param of the folds of which the candidates are measured */
export const measured = (results: readonly TabularResult[], of: (found: TabularFound) => FoldResult): Measured[] =>
  results.map(({ spec, found }) => ({
    name: spec.name,
    params: spec.parameters as Measured['params'],
    foldScores: of(found).foldScores,
  }));

function allRows({ manifest: { table }, dataset: { rows } }: TabularJob): LabelledRows {
  return { rows, labels: binaryLabels(table.target, rows) };
}

const outerFolds = ({ manifest, seed }: TabularJob, { labels }: LabelledRows): Split[] =>
  stratifiedFolds({ labels, folds: manifest.training.folds, seed });

const innerFolds = outerFolds;
