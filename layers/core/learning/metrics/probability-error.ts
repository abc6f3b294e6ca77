import type { Measure } from './bootstrap.ts';
import type { RankedRows } from './ranked-rows.ts';

/**
 * The mean of -ln(the probability given to the class that came). A certainty that proved wrong counts as
 * scikit-learn's log_loss has it: the probability is at least the machine epsilon.
 * @param ranked scores are probabilities
 */
export const logLossOver = (ranked: RankedRows): Measure =>
  errorOver(ranked, (probability, label) => -Math.log(Math.max(label === 1 ? probability : 1 - probability, EPSILON)));

/**
 * The mean squared difference between probability and outcome, as scikit-learn's brier_score_loss.
 * Source: G. Brier, "Verification of forecasts expressed in terms of probability", 1950.
 * @param ranked scores are probabilities
 */
export const brierScoreOver = (ranked: RankedRows): Measure =>
  errorOver(ranked, (probability, label) => (probability - label) ** 2);

const EPSILON = Number.EPSILON;

function errorOver(ranked: RankedRows, error: (probability: number, label: number) => number): Measure {
  assertProbabilities(ranked.scores);
  return meanOf(ranked.scores.map((probability, index) => error(probability, ranked.labels[index]!)));
}

/** The mean of the rows' errors, which are found once, for all resamples. */
export const meanOf =
  (errors: Float64Array): Measure =>
  (counts) => {
    let rows = 0;
    let sum = 0;
    for (let i = 0; i < errors.length; i++) {
      const count = counts ? counts[i]! : 1;
      rows += count;
      sum += count * errors[i]!;
    }
    return rows === 0 ? undefined : sum / rows;
  };

/** @throws {RangeError} when a value is not within 0 and 1 */
export function assertProbabilities(values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!(values[i]! >= 0 && values[i]! <= 1)) {
      throw new RangeError(`probability ${values[i]}; allowed are values of 0 to 1`);
    }
  }
}
