import type { Measure } from './metrics.ts';
import { tooManyRequests } from './refusals.ts';

/** How many invocations of a function are running or waiting, over all of its versions. */
export class Concurrency {
  readonly #reserved: number;
  readonly #measure: Measure;
  #count = 0;

  /** @param reserved invocations at once, beyond which callers are refused */
  constructor(reserved: number, measure: Measure) {
    this.#reserved = reserved;
    this.#measure = measure;
  }

  /** @throws {AwsError} TooManyRequestsException, beyond the reserved concurrency */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#count >= this.#reserved) {
      this.#measure('Throttles', 1);
      throw tooManyRequests();
    }
    this.#count += 1;
    this.#measure('ConcurrentExecutions', this.#count);
    try {
      return await work();
    } finally {
      this.#count -= 1;
    }
  }
}
