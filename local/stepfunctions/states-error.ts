/**
 * An error of the Amazon States Language: what retriers and catchers look at.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export class StatesError extends Error {
  override readonly name: string = 'StatesError';
  /** e.g. `States.Timeout`, or the `errorType` that a function threw. */
  readonly error: string;
  /** For people, or empty; of a function that failed, its payload as JSON. */
  readonly failureCause: string;

  constructor(error: string, failureCause = '') {
    super(`${error}: ${failureCause}`);
    this.error = error;
    this.failureCause = failureCause;
  }
}

/** What is wrong with the definition, or with the data for it. It ends the execution: nothing retries or catches it. */
export class StatesRuntimeError extends StatesError {
  override readonly name: string = 'StatesRuntimeError';

  constructor(cause: string) {
    super('States.Runtime', cause);
  }
}

/** The same, once it is known in which state. */
export class LocatedRuntimeError extends StatesRuntimeError {
  override readonly name: string = 'LocatedRuntimeError';

  constructor({ failureCause }: StatesRuntimeError, stateName: string, enteredId: number) {
    super(
      `An error occurred while executing the state '${stateName}' (entered at the event id #${enteredId}). ${failureCause}`,
    );
  }
}

/** Whether an error is one of those that a retrier or catcher names in `ErrorEquals`. */
export function isNamed(error: StatesError, errorEquals: readonly string[]): boolean {
  if (error instanceof StatesRuntimeError) return false;
  if (errorEquals.includes(error.error) || errorEquals.includes('States.ALL')) return true;
  return errorEquals.includes('States.TaskFailed') && error.error !== 'States.Timeout';
}
