/** What is asked of the objective at a point. */
export interface Evaluation {
  readonly loss: number;
  /** at the point, as long as the point */
  readonly gradient: Float64Array;
}

export interface MinimizeOptions {
  /** ends when no component of the gradient is larger */
  readonly gradientTolerance?: number;
  /** ends when a step lowers the loss by no more than this share of it (of 1, where the loss is smaller) */
  readonly lossTolerance?: number;
  readonly maxIterations?: number;
}

export interface Minimum {
  readonly point: Float64Array;
  readonly loss: number;
  readonly iterations: number;
  readonly evaluations: number;
  /** whether a tolerance was met; otherwise the iterations ran out, or no step went down */
  readonly converged: boolean;
}

/** A point's neighbourhood: where it is, how deep, and which way is down. */
interface Place extends Evaluation {
  readonly point: Float64Array;
}

type Search<Result> = Generator<Float64Array, Result, Evaluation>;

/** Steps that are remembered, as L-BFGS implementations commonly do. */
const MEMORY = 10;

/**
 * Limited-memory BFGS, which asks for evaluations instead of making them: a caller may compute them at once, or wait
 * for another runtime. The two-loop recursion is algorithm 7.4 of J. Nocedal, S. Wright, "Numerical optimization",
 * 2nd ed. 2006; the line search is algorithm 4.6 of A. Lewis, M. Overton, "Nonsmooth optimization via quasi-Newton
 * methods", 2013.
 * @yields points to be evaluated
 */
export function* lbfgs(start: Float64Array, options: MinimizeOptions = {}): Search<Minimum> {
  const { gradientTolerance = 1e-6, lossTolerance = 1e-12, maxIterations = 200 } = options;
  const history = new StepHistory();
  let here: Place = { point: start.slice(), ...copied(yield start) };
  let evaluations = 1;
  const minimum = (iterations: number, converged: boolean): Minimum => {
    return { point: here.point, loss: here.loss, iterations, evaluations, converged };
  };
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (largest(here.gradient) <= gradientTolerance) return minimum(iteration, true);
    const { next, tried } = yield* stepDown(here, history.direction(here.gradient), history.isEmpty);
    evaluations += tried;
    if (next === undefined) {
      // Curvature that no longer fits may point nowhere; downhill itself always does.
      if (history.isEmpty) return minimum(iteration, false);
      history.forget();
      continue;
    }
    const fall = here.loss - next.loss;
    history.remember(here, next);
    here = next;
    if (fall <= lossTolerance * Math.max(Math.abs(here.loss), 1)) return minimum(iteration + 1, true);
  }
  return minimum(maxIterations, largest(here.gradient) <= gradientTolerance);
}

const MAX_TRIES = 40;
const SUFFICIENT_FALL = 1e-4;
const SUFFICIENT_CURVATURE = 0.9;

/** Halves and doubles the step until it meets the weak conditions of Wolfe. */
function* stepDown(
  from: Place,
  direction: Float64Array,
  isFirst: boolean,
): Search<{ next: Place | undefined; tried: number }> {
  const slope = dot(from.gradient, direction);
  if (!(slope < 0)) return { next: undefined, tried: 0 };
  let step = isFirst ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
  let [tooShort, tooLong] = [0, Infinity];
  let lowest: Place | undefined;
  for (let tried = 1; tried <= MAX_TRIES; tried++) {
    const point = moved(from.point, direction, step);
    const there: Place = { point, ...copied(yield point) };
    const falls = there.loss <= from.loss + SUFFICIENT_FALL * step * slope;
    if (falls) lowest = there;
    if (!falls) tooLong = step;
    else if (dot(there.gradient, direction) < SUFFICIENT_CURVATURE * slope) tooShort = step;
    else return { next: there, tried };
    step = tooLong === Infinity ? 2 * step : (tooShort + tooLong) / 2;
  }
  return { next: lowest, tried: MAX_TRIES };
}

interface RememberedStep {
  readonly move: Float64Array;
  readonly turn: Float64Array;
  /** 1 / (move . turn) */
  readonly inverse: number;
}

/** The last steps, and how they turned the gradient: together a guess at the inverse Hessian. */
class StepHistory {
  readonly #steps: RememberedStep[] = [];

  get isEmpty(): boolean {
    return this.#steps.length === 0;
  }

  forget(): void {
    this.#steps.length = 0;
  }

  remember(from: Place, to: Place): void {
    const move = difference(to.point, from.point);
    const turn = difference(to.gradient, from.gradient);
    const curvature = dot(move, turn);
    if (!(curvature > Number.EPSILON * dot(turn, turn))) return;
    this.#steps.push({ move, turn, inverse: 1 / curvature });
    if (this.#steps.length > MEMORY) this.#steps.shift();
  }

  /** Minus the guessed inverse Hessian times the gradient. */
  direction(gradient: Float64Array): Float64Array {
    const direction = gradient.map((value) => -value);
    const shares = this.#steps.map(() => 0);
    for (let k = this.#steps.length - 1; k >= 0; k--) {
      const { move, turn, inverse } = this.#steps[k]!;
      shares[k] = inverse * dot(move, direction);
      addScaled(direction, turn, -shares[k]!);
    }
    const last = this.#steps.at(-1);
    if (last) scale(direction, 1 / (last.inverse * dot(last.turn, last.turn)));
    this.#steps.forEach(({ move, turn, inverse }, k) => {
      addScaled(direction, move, shares[k]! - inverse * dot(turn, direction));
    });
    return direction;
  }
}

/** The caller may fill the same array at each evaluation. */
const copied = ({ loss, gradient }: Evaluation): Evaluation => ({ loss, gradient: gradient.slice() });

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(to: Float64Array, values: Float64Array, by: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += by * values[i]!;
}

function scale(values: Float64Array, by: number): void {
  for (let i = 0; i < values.length; i++) values[i]! *= by;
}

function moved(from: Float64Array, direction: Float64Array, step: number): Float64Array {
  const point = from.slice();
  addScaled(point, direction, step);
  return point;
}

const difference = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value - b[i]!);

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
