import { AwsError } from './aws-json.ts';
import type { EventDelivery, EventSource } from './event-delivery.ts';
import type { Target } from './targets.ts';
import type { Timer } from './timer.ts';

const MAX_ATTEMPTS = 185;
const MAX_AGE_SECONDS = 86_400;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** Delivers until it succeeds or the target's retry policy ends it; what is given up goes to the dead-letter queue. */
export class TargetDelivery {
  readonly #delivery: Pick<EventDelivery, 'deliver' | 'sendMessage'>;
  readonly #timer: Timer;
  readonly #abort = new AbortController();

  constructor(delivery: Pick<EventDelivery, 'deliver' | 'sendMessage'>, timer: Timer) {
    this.#delivery = delivery;
    this.#timer = timer;
  }

  /** @throws what the last try failed of, where no queue takes what is given up */
  async deliver(target: Target, event: unknown, source: EventSource): Promise<void> {
    const failure = await this.#tryAll(target, event, source);
    if (failure === undefined || this.#abort.signal.aborted) return;
    const { Arn } = target.DeadLetterConfig ?? {};
    if (!Arn) throw failure.error;
    await this.#delivery.sendMessage({ Arn }, deadLetter(target, event, source, failure), source);
  }

  /** What is being tried again then is lost. */
  close(): void {
    this.#abort.abort();
  }

  async #tryAll(target: Target, event: unknown, source: EventSource): Promise<Failure | undefined> {
    const { MaximumRetryAttempts = MAX_ATTEMPTS, MaximumEventAgeInSeconds = MAX_AGE_SECONDS } =
      target.RetryPolicy ?? {};
    const giveUpMs = this.#timer.now() + MaximumEventAgeInSeconds * 1000;
    for (let retries = 0; ; retries += 1) {
      try {
        await this.#delivery.deliver(target, event, source);
        return undefined;
      } catch (error) {
        const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** retries, LONGEST_PAUSE_MS);
        if (!isTransient(error)) return { error, retries, condition: undefined };
        if (retries >= MaximumRetryAttempts) return { error, retries, condition: 'MaximumRetryAttempts' };
        const nextMs = this.#timer.now() + pauseMs;
        if (nextMs > giveUpMs) return { error, retries, condition: 'MaximumEventAgeInSeconds' };
        await this.#timer.until(nextMs, this.#abort.signal).catch(() => {});
        if (this.#abort.signal.aborted) return undefined;
      }
    }
  }
}

interface Failure {
  readonly error: unknown;
  readonly retries: number;
  /** Which limit ended it; absent where no retry could help. */
  readonly condition: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds' | undefined;
}

/** What the target does not have, or does not allow, it will not have in a minute. */
const isTransient = (error: unknown): boolean =>
  !(error instanceof AwsError) || error.status >= 500 || error.status === 429;

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
function deadLetter(target: Target, event: unknown, { arn }: EventSource, { error, retries, condition }: Failure) {
  const attributes = {
    RULE_ARN: arn,
    TARGET_ARN: target.Arn,
    ERROR_CODE: error instanceof AwsError ? error.code : 'InternalFailure',
    ERROR_MESSAGE: (error as Error).message,
    RETRY_ATTEMPTS: String(retries),
    EXHAUSTED_RETRY_CONDITION: condition,
  };
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes)
      .filter(([, value]) => value)
      .map(([name, value]) => [name, { DataType: 'String', StringValue: value! }]),
  );
  return { MessageBody: JSON.stringify(event), MessageAttributes };
}
