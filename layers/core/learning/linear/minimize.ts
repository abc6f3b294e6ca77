import { lbfgs, type MinimizeOptions, type Minimum } from './lbfgs.ts';

/** @param gradient to be filled. @returns the loss */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** An objective that another runtime computes. */
export type AsyncObjective = (point: Float64Array, gradient: Float64Array) => Promise<number>;

/**
 * The point where a smooth function is lowest, from where it starts, by L-BFGS.
 * @throws {RangeError} when the objective is not finite at the start
 */
export function minimize(objective: Objective, start: Float64Array, options?: MinimizeOptions): Minimum {
  const gradient = new Float64Array(start.length);
  const search = lbfgs(start, options);
  let step = search.next();
  for (let isFirst = true; !step.done; isFirst = false) {
    const loss = objective(step.value, gradient);
    if (isFirst) assertFinite(loss, gradient);
    step = search.next({ loss, gradient });
  }
  return step.value;
}

/** The same for an objective that has to be waited for. */
export async function minimizeAsync(
  objective: AsyncObjective,
  start: Float64Array,
  options?: MinimizeOptions,
): Promise<Minimum> {
  const gradient = new Float64Array(start.length);
  const search = lbfgs(start, options);
  let step = search.next();
  for (let isFirst = true; !step.done; isFirst = false) {
    const loss = await objective(step.value, gradient);
    if (isFirst) assertFinite(loss, gradient);
    step = search.next({ loss, gradient });
  }
  return step.value;
}

function assertFinite(loss: number, gradient: Float64Array): void {
  if (!Number.isFinite(loss)) throw new RangeError(`the loss at the start is ${loss}; expected a finite number`);
  const at = gradient.findIndex((value) => !Number.isFinite(value));
  if (at !== -1)
    throw new RangeError(`the gradient at the start has ${gradient[at]} at ${at}; expected finite numbers`);
}
