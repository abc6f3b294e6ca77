import type { Json } from '../json.ts';
import type { States } from './definition.ts';
import { SiblingFailed, type Thread } from './thread.ts';

/** Runs the states of a branch or an item. */
export type RunStates = (states: States, input: Json, thread: Thread) => Promise<Json>;

/**
 * Runs work side by side, so much at once; the first failure ends all of it.
 * @param run is handed the signal that ends it early
 * @throws the first failure, when all has ended
 */
export async function runTogether<T>(
  count: number,
  concurrency: number,
  thread: Thread,
  run: (index: number, signal: AbortSignal) => Promise<T>,
): Promise<T[]> {
  const failure = new AbortController();
  const signal = AbortSignal.any([thread.signal, failure.signal]);
  const results = new Array<T>(count);
  const errors: unknown[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count && !signal.aborted) {
      const index = next;
      next += 1;
      try {
        results[index] = await run(index, signal);
      } catch (error) {
        errors.push(error);
        failure.abort(new SiblingFailed('another branch or item failed'));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, work));
  thread.signal.throwIfAborted();
  if (errors.length > 0) throw errors[0];
  return results;
}
