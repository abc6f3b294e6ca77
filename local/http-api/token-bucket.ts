import type { Clock } from '../service.ts';
import type { Throttling } from './definition.ts';

/** Lets `burstLimit` requests through at once, and `rateLimit` per second after that. */
export class TokenBucket {
  readonly #throttling: Throttling;
  readonly #now: Clock;
  #tokens: number;
  #filledAtMs: number;

  constructor(throttling: Throttling, now: Clock) {
    this.#throttling = throttling;
    this.#now = now;
    this.#tokens = throttling.burstLimit;
    this.#filledAtMs = now();
  }

  take(): boolean {
    const { rateLimit, burstLimit } = this.#throttling;
    const nowMs = this.#now();
    this.#tokens = Math.min(burstLimit, this.#tokens + ((nowMs - this.#filledAtMs) / 1000) * rateLimit);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
