import { type CalibrationChoice, chooseCalibration } from '../calibration/choose-calibration.ts';
import type { LabelledRows } from '../table/row.ts';
import type { Candidate } from './candidate.ts';
import { stratifiedFolds } from './folds.ts';
import { type SweepOptions, type SweepReport, sweep } from './sweep.ts';

export interface SelectionOptions extends SweepOptions {
  readonly folds?: number;
  readonly seed: number;
}

export interface SelectedModel<Chosen extends Candidate = Candidate> extends CalibrationChoice {
  /** fitted to all of the rows */
  readonly model: ReturnType<Chosen['fit']>;
  readonly candidate: Chosen;
  readonly sweep: SweepReport;
  /** the chosen candidate's log-odds of each row, by a model that did not learn from it */
  readonly outOfFold: Float64Array;
}

/**
 * Chooses a candidate by cross-validation and its calibration by the out-of-fold log-odds, then fits it to all rows.
 * How good it is, this cannot tell without flattering itself: nested cross-validation does.
 * @param candidates from the simplest to the most complex
 */
export function selectModel<Chosen extends Candidate>(
  candidates: readonly Chosen[],
  data: LabelledRows,
  { folds = 5, seed, ...options }: SelectionOptions,
): SelectedModel<Chosen> {
  const splits = stratifiedFolds({ labels: data.labels, groups: data.groups, folds, seed });
  const { report, outOfFold } = sweep(candidates, { data, splits }, options);
  const candidate = candidates[report.chosen]!;
  const scores = outOfFold[report.chosen]!;
  const choice = chooseCalibration(scores, data.labels, { seed });
  const model = candidate.fit(data) as ReturnType<Chosen['fit']>;
  return { model, candidate, sweep: report, outOfFold: scores, ...choice };
}
