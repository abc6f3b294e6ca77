import { createHash } from 'node:crypto';
import { AwsError } from '../aws-json.ts';
import type { Clock } from '../service.ts';

const KEPT_MS = 10 * 60_000;

/**
 * The client tokens of the transactions of the last ten minutes: one that comes again is answered, but not run again.
 * They are kept in memory only, as a restart of the local cloud is rarer than a retry.
 */
export class IdempotencyTokens {
  readonly #now: Clock;
  /** In the order of their expiry. */
  readonly #known = new Map<string, { readonly fingerprint: string; readonly expiresAtMs: number }>();

  constructor(now: Clock) {
    this.#now = now;
  }

  /** Runs `work` unless a request with the token and the same parameters already succeeded. */
  async once(token: string | undefined, parameters: unknown, work: () => Promise<object>): Promise<object> {
    if (!token) return work();
    this.#dropExpired();
    const fingerprint = createHash('sha256').update(JSON.stringify(parameters)).digest('base64');
    const known = this.#known.get(token);
    if (known) {
      if (known.fingerprint !== fingerprint) throw mismatch();
      return {};
    }
    const output = await work();
    this.#known.set(token, { fingerprint, expiresAtMs: this.#now() + KEPT_MS });
    return output;
  }

  #dropExpired(): void {
    for (const [token, { expiresAtMs }] of this.#known) {
      if (expiresAtMs > this.#now()) return;
      this.#known.delete(token);
    }
  }
}

const mismatch = () =>
  new AwsError(
    'IdempotentParameterMismatchException',
    'Request rejected because it is using an idempotent token that was used with a different set of request parameters.',
  );
