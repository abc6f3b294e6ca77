import type { Json } from '../json.ts';
import type { GuardedState } from './definition.ts';
import { place } from './paths.ts';
import { catcherOf, Retries } from './retry.ts';
import { effectiveOutput, type Outcome, type StateData, stateContext } from './state-data.ts';
import { StatesError } from './states-error.ts';

/** Runs a state until it succeeds or its retriers give up; what it fails of then may be caught. */
export async function runGuarded<S extends GuardedState>(
  work: StateData<S>,
  attempt: (work: StateData<S>) => Promise<Json>,
): Promise<Outcome> {
  const { state, thread } = work;
  const { timer, random } = thread.surroundings;
  const retries = new Retries(state, random);
  for (let retryCount = 0; ; retryCount += 1) {
    const current = withRetryCount(work, retryCount);
    try {
      return { output: effectiveOutput(state, current, await attempt(current)), next: state.Next };
    } catch (error) {
      if (!(error instanceof StatesError)) throw error;
      const delayMs = retries.delayMs(error);
      if (delayMs === undefined) return caught(current, error);
      await timer.until(timer.now() + delayMs, thread.signal);
    }
  }
}

const withRetryCount = <S extends GuardedState>(work: StateData<S>, retryCount: number): StateData<S> => {
  const context = { ...work.data.context, ...stateContext(work.visit, retryCount) };
  return { ...work, data: { ...work.data, context } };
};

/** @throws the error itself, where no catcher names it */
function caught({ state, data }: StateData<GuardedState>, error: StatesError): Outcome {
  const catcher = catcherOf(state, error);
  if (!catcher) throw error;
  const result = { Error: error.error, Cause: error.failureCause };
  return { output: place(result, catcher.ResultPath, data.input), next: catcher.Next };
}
