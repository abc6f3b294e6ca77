import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Json } from '../json.ts';
import type { State, States, StateType } from './definition.ts';
import { runChoice, runFail, runPass, runSucceed } from './flow-states.ts';
import { runGuarded } from './guarded-state.ts';
import { runMap } from './map-state.ts';
import { runParallel } from './parallel-state.ts';
import { type Outcome, type StateData, stateContext } from './state-data.ts';
import { LocatedRuntimeError, StatesRuntimeError } from './states-error.ts';
import { runTask } from './task-state.ts';
import { SiblingFailed, type Thread, type Visit } from './thread.ts';
import { runWait } from './wait-state.ts';

/**
 * Runs states from the first to an end.
 * @returns the output of the last
 * @throws {StatesError} what a state failed of and nobody caught; the signal's reason, when it is aborted
 */
export async function runStates(states: States, input: Json, thread: Thread): Promise<Json> {
  const first = visitTo(states.StartAt, input, thread);
  thread.surroundings.atomically(() => enter(first, states, thread));
  return resumeStates(states, first, thread);
}

/** Goes on with a state that was entered and not left: it begins again. Returns and throws as `runStates` does. */
export async function resumeStates(states: States, first: Visit, thread: Thread): Promise<Json> {
  for (let visit = first; ; ) {
    await nextTurn(); // a loop of states that wait for nothing would stop everything else
    thread.signal.throwIfAborted();
    const state = states.States[visit.stateName]!;
    const { output, next } = await visited(state, visit, thread);
    const nextVisit = next === undefined ? undefined : visitTo(next, output, thread);
    thread.surroundings.atomically(() => {
      thread.trail.add(`${state.Type}StateExited`, { name: visit.stateName, output: JSON.stringify(output) });
      if (nextVisit) enter(nextVisit, states, thread);
    });
    if (!nextVisit) return output;
    visit = nextVisit;
  }
}

const visitTo = (stateName: string, input: Json, { surroundings }: Thread): Visit => ({
  stateName,
  input,
  enteredAtMs: surroundings.timer.now(),
});

function enter(visit: Visit, { States }: States, { trail, onEntered }: Thread): void {
  const { stateName, input } = visit;
  trail.add(`${States[stateName]!.Type}StateEntered`, { name: stateName, input: JSON.stringify(input) });
  onEntered?.(visit);
}

async function visited(state: State, visit: Visit, thread: Thread): Promise<Outcome> {
  const enteredId = thread.trail.lastId;
  const context = { ...thread.context, ...stateContext(visit, 0) };
  try {
    return await outcomeOf({ state, visit, thread, data: { input: visit.input, context } });
  } catch (error) {
    if (error instanceof SiblingFailed && LASTING.has(state.Type)) thread.trail.add(`${state.Type}StateAborted`);
    const isNew = error instanceof StatesRuntimeError && !(error instanceof LocatedRuntimeError);
    throw isNew ? new LocatedRuntimeError(error, visit.stateName, enteredId) : error;
  }
}

/** Those that may be at work when another branch or item fails. */
const LASTING: ReadonlySet<StateType> = new Set(['Task', 'Wait', 'Map', 'Parallel']);

async function outcomeOf(work: StateData): Promise<Outcome> {
  const { state } = work;
  switch (state.Type) {
    case 'Task':
      return runGuarded({ ...work, state }, runTask);
    case 'Map':
      return runGuarded({ ...work, state }, (attempt) => runMap(attempt, runStates));
    case 'Parallel':
      return runGuarded({ ...work, state }, (attempt) => runParallel(attempt, runStates));
    case 'Wait':
      return runWait({ ...work, state });
    case 'Pass':
      return runPass({ ...work, state });
    case 'Choice':
      return runChoice({ ...work, state });
    case 'Succeed':
      return runSucceed({ ...work, state });
    case 'Fail':
      return runFail({ ...work, state });
  }
}
