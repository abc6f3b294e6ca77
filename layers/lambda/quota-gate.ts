import type { Identity, Route } from '@kilat/contracts';
import {
  type Admission,
  type Quota,
  rateLimitFields,
  type Standing,
  TooManyRequestsError,
  type Use,
} from '@kilat/core';
import type { Observability } from './observability.ts';

/** Lets one request through if its caller's quota does, and knows what the answer is to say of it. */
export class QuotaGate {
  readonly #quota: Quota;
  readonly #logger: Pick<Observability['logger'], 'error'>;
  #standings: readonly Standing[] = [];
  #retryAfterSeconds: number | undefined;

  constructor(quota: Quota, logger: Pick<Observability['logger'], 'error'>) {
    this.#quota = quota;
    this.#logger = logger;
  }

  /** The fields of the answer, whatever it is; none before the caller's counters were read. */
  get fields(): Record<string, string> {
    return rateLimitFields(this.#standings, this.#retryAfterSeconds);
  }

  /**
   * Runs an operation once its request is counted. One that predicts starts at once and awaits `admitted` by itself,
   * before it keeps anything; where it fails, its predictions are given back.
   * @param countPredictions how many the request asks for
   */
  async run<T>(
    caller: Identity,
    { predicts }: Pick<Route, 'predicts'>,
    operation: (admitted: Promise<unknown>) => Promise<T>,
    countPredictions: () => Promise<number> = async () => 1,
  ): Promise<T> {
    const admitted = predicts
      ? afterThisTurn(async () => this.#admit(caller, 'prediction', await countPredictions()))
      : this.#admit(caller, 'request');
    if (!predicts) await admitted;
    const work = operation(admitted);
    work.catch(() => {}); // the quota's refusal is the answer, whatever becomes of the work
    const admission = await admitted;
    try {
      return await work;
    } catch (error) {
      await this.#giveBack(admission);
      throw error;
    }
  }

  async #admit(caller: Identity, use: Use, predictions?: number): Promise<Admission> {
    try {
      const admission = await this.#quota.admit(caller, use, predictions);
      this.#standings = admission.standings;
      return admission;
    } catch (error) {
      if (error instanceof TooManyRequestsError) {
        this.#standings = error.standings;
        this.#retryAfterSeconds = error.retryAfterSeconds;
      }
      throw error;
    }
  }

  /** The caller learns why the operation failed; that its prediction stays counted is ours to know. */
  async #giveBack(admission: Admission): Promise<void> {
    try {
      await admission.giveBack();
    } catch (error) {
      this.#logger.error('prediction not given back', { error: error as Error });
    }
  }
}

/** By then the image is decoded in threads of their own, beside which the count is put together: 0.4 ms of 7 saved. */
const afterThisTurn = <T>(work: () => Promise<T>): Promise<T> =>
  new Promise<void>((resolve) => setImmediate(resolve)).then(work);
