import type { Json } from '../json.ts';
import type { MapState } from './definition.ts';
import type { Trail } from './history.ts';
import { type RunStates, runTogether } from './nested-threads.ts';
import { selectRequired } from './paths.ts';
import { fill } from './payload-template.ts';
import { effectiveInput, type StateData } from './state-data.ts';
import { StatesError, StatesRuntimeError } from './states-error.ts';
import { SiblingFailed } from './thread.ts';

/** As many items at once as an inline map runs where nothing else is said. */
const MAX_CONCURRENCY = 40;

/** The item processor for every item. @returns the outputs, in the order of the items */
export async function runMap(work: StateData<MapState>, run: RunStates): Promise<Json> {
  const { state, data, thread } = work;
  const { InputPath } = state;
  const input = effectiveInput(InputPath === undefined ? {} : { InputPath }, data);
  const effective = { ...work, data: { ...data, input } };
  const items = itemsOf(effective);
  thread.trail.add('MapStateStarted', { length: items.length });
  const trails = items.map(() => thread.trail.fork());
  const runItem = (index: number, signal: AbortSignal) =>
    iterate(effective, run, { index, item: items[index]!, trail: trails[index]!, signal });
  try {
    const outputs = await runTogether(items.length, concurrencyOf(effective), thread, runItem);
    thread.trail.join(trails);
    thread.trail.add('MapStateSucceeded');
    return outputs;
  } catch (error) {
    thread.trail.join(trails);
    if (error instanceof StatesError) thread.trail.add('MapStateFailed');
    throw error;
  }
}

interface Iteration {
  readonly index: number;
  readonly item: Json;
  readonly trail: Trail;
  readonly signal: AbortSignal;
}

async function iterate(work: StateData<MapState>, run: RunStates, { index, item, trail, signal }: Iteration) {
  const { state, visit, data, thread } = work;
  const details = { name: visit.stateName, index };
  const context = { ...data.context, Map: { Item: { Index: index, Value: item } } };
  const selector = state.ItemSelector ?? state.Parameters;
  trail.add('MapIterationStarted', details);
  try {
    const input = selector === undefined ? item : fill(selector, { input: data.input, context });
    const { surroundings } = thread;
    const output = await run((state.ItemProcessor ?? state.Iterator)!, input, { surroundings, trail, context, signal });
    trail.add('MapIterationSucceeded', details);
    return output;
  } catch (error) {
    if (error instanceof StatesError) trail.add('MapIterationFailed', details);
    else if (error instanceof SiblingFailed) trail.add('MapIterationAborted', details);
    throw error;
  }
}

function itemsOf({ state, data }: StateData<MapState>): readonly Json[] {
  const path = state.ItemsPath ?? '$';
  const items = selectRequired(path, data, 'ItemsPath');
  if (!Array.isArray(items)) {
    throw new StatesRuntimeError(`Reference path "${path}" must point to array.`);
  }
  return items;
}

function concurrencyOf({ state, data }: StateData<MapState>): number {
  const { MaxConcurrency = 0, MaxConcurrencyPath } = state;
  const wanted = MaxConcurrencyPath ? selectRequired(MaxConcurrencyPath, data, 'MaxConcurrencyPath') : MaxConcurrency;
  if (typeof wanted !== 'number' || !(wanted >= 0)) {
    throw new StatesRuntimeError(`MaxConcurrencyPath must lead to a number from 0, not to ${JSON.stringify(wanted)}`);
  }
  return wanted || MAX_CONCURRENCY;
}
