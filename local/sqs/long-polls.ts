import type { Clock } from '../service.ts';
import type { Message } from './messages.ts';

type Take = () => Message[];

interface Poll {
  readonly take: Take;
  readonly answer: (messages: Message[]) => void;
  readonly refuse: (error: unknown) => void;
}

interface LongPollsOptions {
  readonly nextVisibleAtMs: (queue: string) => number | undefined;
  readonly now: Clock;
}

/**
 * Receives that found nothing and wait. The oldest poll of a queue is served first, as soon as something is sent
 * there, comes back, or ends its delay; for the latter two there is one timer per queue.
 */
export class LongPolls {
  readonly #options: LongPollsOptions;
  readonly #waiting = new Map<string, Set<Poll>>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(options: LongPollsOptions) {
    this.#options = options;
  }

  /** @returns what `take` takes; empty when the wait is over or the client has hung up, after which nothing is taken */
  async take(
    queue: string,
    take: Take,
    { waitMs, signal }: { waitMs: number; signal: AbortSignal },
  ): Promise<Message[]> {
    if (signal.aborted) return [];
    const messages = take();
    if (messages.length > 0 || waitMs === 0) return messages;
    const { promise, resolve, reject } = Promise.withResolvers<Message[]>();
    const polls = this.#pollsOf(queue);
    const poll: Poll = { take, answer: resolve, refuse: reject };
    const giveUp = () => {
      polls.delete(poll);
      resolve([]);
    };
    const deadline = setTimeout(giveUp, waitMs);
    signal.addEventListener('abort', giveUp, { once: true });
    polls.add(poll);
    this.#armTimer(queue);
    return promise.finally(() => clearTimeout(deadline));
  }

  /** Gives what is ready to those who wait. Call it after every change that may have made a message visible. */
  serve(queue: string): void {
    const polls = this.#waiting.get(queue);
    if (!polls?.size) return;
    for (const poll of polls) {
      if (!serveOne(poll)) break;
      polls.delete(poll);
    }
    this.#armTimer(queue);
  }

  /** Ends every wait with nothing. */
  close(): void {
    for (const polls of this.#waiting.values()) for (const poll of polls) poll.answer([]);
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #pollsOf(queue: string): Set<Poll> {
    const polls = this.#waiting.get(queue) ?? new Set();
    this.#waiting.set(queue, polls);
    return polls;
  }

  #armTimer(queue: string): void {
    clearTimeout(this.#timers.get(queue));
    this.#timers.delete(queue);
    const atMs = this.#waiting.get(queue)?.size ? this.#options.nextVisibleAtMs(queue) : undefined;
    if (atMs === undefined) return;
    const timer = setTimeout(() => this.serve(queue), atMs - this.#options.now()).unref();
    this.#timers.set(queue, timer);
  }
}

/** @returns false when nothing is ready, so that the next poll need not ask */
function serveOne(poll: Poll): boolean {
  try {
    const messages = poll.take();
    if (messages.length > 0) poll.answer(messages);
    return messages.length > 0;
  } catch (error) {
    poll.refuse(error); // the queue was deleted while the poll waited
    return true;
  }
}
