import { holds } from './choice-rule.ts';
import type { Choice, Fail, Pass, Succeed } from './definition.ts';
import { evaluate } from './payload-template.ts';
import { effectiveInput, effectiveOutput, type Outcome, type StateData } from './state-data.ts';
import { StatesError } from './states-error.ts';

export function runPass(work: StateData<Pass>): Outcome {
  const { state, data } = work;
  const input = effectiveInput(state, data);
  return { output: effectiveOutput(state, work, state.Result ?? input), next: state.Next };
}

/** @throws {StatesError} States.NoChoiceMatched */
export function runChoice(work: StateData<Choice>): Outcome {
  const { state, data } = work;
  const input = effectiveInput(state, data);
  const chosen = state.Choices.find((rule) => holds(rule, { ...data, input }));
  const next = chosen?.Next ?? state.Default;
  if (next === undefined)
    throw new StatesError('States.NoChoiceMatched', 'No choice matched, and there is no Default.');
  return { output: effectiveOutput({ OutputPath: state.OutputPath ?? '$' }, work, input), next };
}

export const runSucceed = (work: StateData<Succeed>): Outcome => ({
  output: effectiveOutput(work.state, work, effectiveInput(work.state, work.data)),
});

/** @throws {StatesError} the one that the state names */
export function runFail({ state, data }: StateData<Fail>): never {
  const { Error: error = '', ErrorPath, Cause = '', CausePath } = state;
  throw new StatesError(
    ErrorPath ? String(evaluate(ErrorPath, data, 'ErrorPath')) : error,
    CausePath ? String(evaluate(CausePath, data, 'CausePath')) : Cause,
  );
}
