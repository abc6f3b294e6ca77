import { type CalibrationMethod, calibrateAll } from '../calibration/calibration.ts';
import { type LabelledRows, subset } from '../table/row.ts';
import type { Candidate } from './candidate.ts';
import { stratifiedFolds } from './folds.ts';
import { type SelectionOptions, selectModel } from './select-model.ts';
import type { SweepReport } from './sweep.ts';

/** What was chosen without the rows of one outer fold. */
export interface OuterFold {
  readonly chosen: string;
  readonly calibration: CalibrationMethod;
  readonly sweep: SweepReport;
}

export interface NestedCrossValidation {
  /** of the positive class, calibrated; each row's by a choice that did not see it */
  readonly probabilities: Float64Array;
  /** uncalibrated */
  readonly logOdds: Float64Array;
  readonly folds: readonly OuterFold[];
}

/**
 * The honest estimate of everything that {@link selectModel} does: each outer fold is predicted by what was chosen,
 * calibrated and fitted on the others alone.
 * Source: S. Varma, R. Simon, "Bias in error estimation when using cross-validation for model selection", 2006.
 * @param candidates from the simplest to the most complex
 */
export function nestedCrossValidate(
  candidates: readonly Candidate[],
  data: LabelledRows,
  { outerFolds = 5, ...options }: SelectionOptions & { readonly outerFolds?: number },
): NestedCrossValidation {
  const probabilities = new Float64Array(data.rows.length);
  const logOdds = new Float64Array(data.rows.length);
  const { labels, groups } = data;
  const folds = stratifiedFolds({ labels, groups, folds: outerFolds, seed: options.seed }).map(({ train, test }) => {
    const { model, candidate, calibration, sweep } = selectModel(candidates, subset(data, train), options);
    const scores = model.logOdds(subset(data, test).rows);
    const fitted = calibrateAll(calibration, scores);
    test.forEach((row, i) => {
      logOdds[row] = scores[i]!;
      probabilities[row] = fitted[i]!;
    });
    return { chosen: candidate.name, calibration: calibration.method, sweep };
  });
  return { probabilities, logOdds, folds };
}
