import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from './service.ts';

/** Time, as what waits for moments needs it. Tests move it by hand. */
export interface Timer {
  readonly now: Clock;
  /** Resolves at that moment, at once where it has passed. @throws the signal's reason, once that is aborted */
  until(atMs: number, signal: AbortSignal): Promise<void>;
}

/** A computer that was asleep finds its timers late by as long: so the clock is read again every so often. */
const LONGEST_PAUSE_MS = 60_000;

export const systemTimer: Timer = {
  now: Date.now,
  async until(atMs, signal) {
    for (let leftMs = atMs - Date.now(); leftMs > 0 && !signal.aborted; leftMs = atMs - Date.now()) {
      await pause(Math.min(leftMs, LONGEST_PAUSE_MS), undefined, { signal }).catch(() => {});
    }
    signal.throwIfAborted();
  },
};
