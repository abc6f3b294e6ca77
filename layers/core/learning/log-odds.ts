/** The probability of log-odds, 1 / (1 + exp(-x)): 0 and 1 far out, never NaN. */
export const sigmoid = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** The log-odds of a probability, infinite at 0 and 1. */
export const logit = (probability: number): number => Math.log(probability) - Math.log1p(-probability);

/** ln(1 + exp(x)), where exp(x) may be too large to hold. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** ln(the sum of exp(x)), where an exp(x) may be too large to hold. */
export function logSumExp(values: Float64Array): number {
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}
