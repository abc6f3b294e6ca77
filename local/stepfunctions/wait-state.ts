import type { Wait } from './definition.ts';
import { selectRequired } from './paths.ts';
import { effectiveInput, effectiveOutput, type Outcome, type StateData } from './state-data.ts';
import { StatesRuntimeError } from './states-error.ts';

/** Waits from when the state was entered, so that a restart of the local cloud does not make it longer. */
export async function runWait(work: StateData<Wait>): Promise<Outcome> {
  const { state, thread } = work;
  const input = effectiveInput(state, work.data);
  await thread.surroundings.timer.until(endMs({ ...work, data: { ...work.data, input } }), thread.signal);
  return { output: effectiveOutput({ OutputPath: state.OutputPath ?? '$' }, work, input), next: state.Next };
}

function endMs({ state, visit, data }: StateData<Wait>): number {
  const { Seconds, SecondsPath, Timestamp, TimestampPath } = state;
  if (Timestamp !== undefined || TimestampPath !== undefined) {
    const timestamp = Timestamp ?? selectRequired(TimestampPath!, data, 'TimestampPath');
    const atMs = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
    if (Number.isNaN(atMs)) throw invalid('TimestampPath', 'a timestamp', timestamp);
    return atMs;
  }
  const seconds = Seconds ?? selectRequired(SecondsPath!, data, 'SecondsPath');
  if (typeof seconds !== 'number' || !(seconds >= 0)) throw invalid('SecondsPath', 'a number from 0', seconds);
  return visit.enteredAtMs + seconds * 1000;
}

const invalid = (field: string, expected: string, value: unknown) =>
  new StatesRuntimeError(`The ${field} parameter must lead to ${expected}, not to ${JSON.stringify(value)}`);
