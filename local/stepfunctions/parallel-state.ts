import type { Json } from '../json.ts';
import type { Parallel } from './definition.ts';
import { type RunStates, runTogether } from './nested-threads.ts';
import { effectiveInput, type StateData } from './state-data.ts';
import { StatesError } from './states-error.ts';

/** All branches with the same input, at once. @returns their outputs, in order */
export async function runParallel({ state, data, thread }: StateData<Parallel>, run: RunStates): Promise<Json> {
  const { Branches } = state;
  const input = effectiveInput(state, data);
  thread.trail.add('ParallelStateStarted');
  const trails = Branches.map(() => thread.trail.fork());
  const runBranch = (index: number, signal: AbortSignal) =>
    run(Branches[index]!, input, { ...nested(thread), trail: trails[index]!, signal });
  try {
    const outputs = await runTogether(Branches.length, Branches.length, thread, runBranch);
    thread.trail.join(trails);
    thread.trail.add('ParallelStateSucceeded');
    return outputs;
  } catch (error) {
    thread.trail.join(trails);
    if (error instanceof StatesError) thread.trail.add('ParallelStateFailed');
    throw error;
  }
}

/** What happens within is not where the execution goes on from. */
const nested = ({ surroundings, context }: StateData['thread']) => ({ surroundings, context });
