import { vi } from 'vitest';
import type { Timer } from '../../local/timer.ts';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Time that passes only when a test says so. */
export class ManualTimer implements Timer {
  #nowMs: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs;
  }

  readonly now = (): number => this.#nowMs;

  async until(atMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (atMs <= this.#nowMs) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { atMs, wake: resolve };
    const end = () => reject(signal.reason);
    this.#sleepers.add(sleeper);
    signal.addEventListener('abort', end, { once: true });
    try {
      await promise;
    } finally {
      this.#sleepers.delete(sleeper);
      signal.removeEventListener('abort', end);
    }
  }

  /** Waits until somebody waits for a moment, and moves on to the first of them. @returns by how much, in ms */
  async toNext(): Promise<number> {
    await vi.waitUntil(() => this.#sleepers.size > 0, { timeout: 10_000, interval: 1 });
    const atMs = Math.min(...[...this.#sleepers].map((sleeper) => sleeper.atMs));
    const passedMs = atMs - this.#nowMs;
    this.advance(passedMs);
    return passedMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const sleeper of [...this.#sleepers]) {
      if (sleeper.atMs > this.#nowMs) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
