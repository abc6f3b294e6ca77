import type { Json, JsonObject } from '../json.ts';
import type { State } from './definition.ts';
import { type Data, place, selectRequired } from './paths.ts';
import { assertFits } from './payload-size.ts';
import { fill } from './payload-template.ts';
import type { Thread, Visit } from './thread.ts';

/** A state with all that it works on; `data.input` is what it was entered with. */
export interface StateData<S extends State = State> {
  readonly state: S;
  readonly visit: Visit;
  readonly data: Data;
  readonly thread: Thread;
}

/** What a state leads to. */
export interface Outcome {
  readonly output: Json;
  /** Absent at the end. */
  readonly next?: string | undefined;
}

/** The part of the context object that says which state it is. */
export const stateContext = (visit: Visit, retryCount: number): JsonObject => ({
  State: { EnteredTime: new Date(visit.enteredAtMs).toISOString(), Name: visit.stateName, RetryCount: retryCount },
});

interface InputFields {
  readonly InputPath?: string | null;
  readonly Parameters?: Json;
}

/** The input as `InputPath` and `Parameters` make it. */
export function effectiveInput({ InputPath, Parameters }: InputFields, data: Data): Json {
  const input = InputPath === null ? {} : selectRequired(InputPath ?? '$', data, 'InputPath');
  return Parameters === undefined ? input : fill(Parameters, { ...data, input });
}

interface OutputFields {
  readonly ResultSelector?: JsonObject;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string | null;
}

/**
 * The output as `ResultSelector`, `ResultPath` and `OutputPath` make it.
 * @throws {StatesError} States.DataLimitExceeded, States.ResultPathMatchFailure
 */
export function effectiveOutput(fields: OutputFields, { visit, data }: StateData, result: Json): Json {
  const { ResultSelector, ResultPath, OutputPath } = fields;
  const selected = ResultSelector ? fill(ResultSelector, { ...data, input: result }) : result;
  const placed = place(selected, ResultPath, data.input);
  const output = OutputPath === null ? {} : selectRequired(OutputPath ?? '$', { ...data, input: placed }, 'OutputPath');
  assertFits(output, visit.stateName);
  return output;
}
