import { realWaiting, type Waiting } from './api/retry.ts';
import { UnreachableError } from './errors.ts';

const FIRST_WAIT_MS = 250;

/** Work runs on while the line is down: so many questions in a row may go unanswered. */
const MAX_MISSES = 5;

export interface WatchOptions extends Partial<Pick<Waiting, 'sleep'>> {
  readonly signal?: AbortSignal | undefined;
  /** the longest time between two questions */
  readonly maxWaitMs?: number;
}

/**
 * Asks how far something is until it has ended, ever less often.
 * @yields what each question was answered with; the last has ended
 */
export async function* watched<T>(
  ask: () => Promise<T>,
  hasEnded: (answer: T) => boolean,
  { signal, sleep = realWaiting.sleep, maxWaitMs = 5000 }: WatchOptions = {},
): AsyncGenerator<T> {
  let misses = 0;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 1.2, maxWaitMs)) {
    try {
      const answer = await ask();
      misses = 0;
      yield answer;
      if (hasEnded(answer)) return;
    } catch (error) {
      if (!(error instanceof UnreachableError) || ++misses > MAX_MISSES) throw error;
    }
    await sleep(waitMs, signal);
  }
}
