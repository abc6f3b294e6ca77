import { setTimeout as pause } from 'node:timers/promises';

export interface OpenLoopOptions {
  readonly perSecond: number;
  /** Ends the load; what is under way is awaited. */
  readonly signal: AbortSignal;
}

/**
 * Begins one request after another at a steady pace, whether those before have been answered or not: as many callers do,
 * who know nothing of each other. A loop that waits for answers would spare a server just when it is slow.
 * @returns what each request came to, in the order in which they began
 */
export async function openLoop<T>(request: () => Promise<T>, { perSecond, signal }: OpenLoopOptions): Promise<T[]> {
  const begun: Promise<T>[] = [];
  const startMs = performance.now();
  while (!signal.aborted) {
    const due = Math.floor(((performance.now() - startMs) / 1000) * perSecond) + 1;
    while (begun.length < due) begun.push(request());
    await pause(1000 / perSecond);
  }
  return Promise.all(begun);
}
