import type { Matrix } from '../matrix.ts';
import type { ClassWeights } from '../trees/training-set.ts';

export interface PenaltyOptions {
  /** the inverse of the L2 penalty's strength, as scikit-learn's C; intercepts are not penalised */
  readonly C?: number;
  readonly classWeights?: ClassWeights;
}

/** @throws {RangeError} when C is not above 0, or a feature is missing: a linear model has no answer to that */
export function assertLinear({ columns, values }: Matrix, C: number): void {
  if (!(C > 0)) throw new RangeError(`C is ${C}; expected a number above 0`);
  const at = values.findIndex((value) => Number.isNaN(value));
  if (at === -1) return;
  throw new RangeError(`row ${Math.floor(at / columns)} has nothing in the column ${at % columns}; impute it first`);
}

/** Adds the slope of strength * |w|^2 / 2 to the gradient. @returns the penalty itself */
export function addPenalty(weights: Float64Array, gradient: Float64Array, strength: number): number {
  let squares = 0;
  for (let i = 0; i < weights.length; i++) {
    squares += weights[i]! ** 2;
    gradient[i]! += strength * weights[i]!;
  }
  return (strength * squares) / 2;
}
