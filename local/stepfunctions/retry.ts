import type { Catcher, GuardedState, Retrier } from './definition.ts';
import { isNamed, type StatesError } from './states-error.ts';

const MAX_ATTEMPTS = 3;
const INTERVAL_SECONDS = 1;
const BACKOFF_RATE = 2;

/** How often each retrier of one visit to a state was used. */
export class Retries {
  readonly #retriers: readonly Retrier[];
  readonly #used = new Map<Retrier, number>();
  readonly #random: () => number;

  constructor({ Retry = [] }: GuardedState, random: () => number) {
    this.#retriers = Retry;
    this.#random = random;
  }

  /** @returns how long to wait before the state is tried again; undefined where it is not */
  delayMs(error: StatesError): number | undefined {
    const retrier = this.#retriers.find(({ ErrorEquals }) => isNamed(error, ErrorEquals));
    const used = retrier ? (this.#used.get(retrier) ?? 0) : 0;
    if (!retrier || used >= (retrier.MaxAttempts ?? MAX_ATTEMPTS)) return undefined;
    this.#used.set(retrier, used + 1);
    const delayMs = backoffMs(retrier, used);
    return retrier.JitterStrategy === 'FULL' ? delayMs * this.#random() : delayMs;
  }
}

/** The interval, grown by the rate at each retry before. */
function backoffMs(retrier: Retrier, retriesBefore: number): number {
  const { IntervalSeconds = INTERVAL_SECONDS, BackoffRate = BACKOFF_RATE, MaxDelaySeconds = Infinity } = retrier;
  return Math.min(IntervalSeconds * BackoffRate ** retriesBefore, MaxDelaySeconds) * 1000;
}

export const catcherOf = ({ Catch = [] }: GuardedState, error: StatesError): Catcher | undefined =>
  Catch.find(({ ErrorEquals }) => isNamed(error, ErrorEquals));
