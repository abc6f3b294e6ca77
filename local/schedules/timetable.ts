import type { Timer } from '../timer.ts';
import type { Occurrences } from './schedule-expression.ts';

/** Calls when something is due. What was due while the computer slept comes once, and not again for each time. */
export class Timetable {
  readonly #timer: Timer;
  readonly #onFault: (error: unknown) => void;
  readonly #entries = new Map<string, AbortController>();

  constructor(timer: Timer, onFault: (error: unknown) => void) {
    this.#timer = timer;
    this.#onFault = onFault;
  }

  /** Sets an entry, in the place of one of that name. */
  set(name: string, occurrences: Occurrences, onDue: (dueMs: number) => void): void {
    this.delete(name);
    const abort = new AbortController();
    this.#entries.set(name, abort);
    this.#follow(occurrences, onDue, abort.signal).catch((error) => {
      if (!abort.signal.aborted) this.#onFault(error);
    });
  }

  delete(name: string): void {
    this.#entries.get(name)?.abort();
    this.#entries.delete(name);
  }

  close(): void {
    for (const abort of this.#entries.values()) abort.abort();
    this.#entries.clear();
  }

  async #follow(occurrences: Occurrences, onDue: (dueMs: number) => void, signal: AbortSignal): Promise<void> {
    for (let dueMs = occurrences.next(this.#timer.now()); dueMs !== undefined; ) {
      await this.#timer.until(dueMs, signal);
      onDue(dueMs);
      dueMs = occurrences.next(Math.max(dueMs, this.#timer.now()));
    }
  }
}
