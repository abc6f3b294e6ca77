import type { LambdaError } from './messages.ts';

const seconds = (ms: number) => (ms / 1000).toFixed(2);

/** A process that ended before it had answered, in Lambda's words. */
export function exited(code: number | null, signal: NodeJS.Signals | null): LambdaError {
  if (signal) return exitError(`Runtime exited with error: signal: ${SIGNAL_WORDS[signal] ?? signal}`);
  if (code) return exitError(`Runtime exited with error: exit status ${code}`);
  return exitError('Runtime exited without providing a reason');
}

/** SIGABRT is what V8 raises when the heap is full. */
const SIGNAL_WORDS: Partial<Record<NodeJS.Signals, string>> = { SIGKILL: 'killed', SIGABRT: 'aborted' };

const exitError = (errorMessage: string): LambdaError => ({ errorType: 'Runtime.ExitError', errorMessage });

export const timedOut = (limitMs: number): LambdaError => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `Task timed out after ${seconds(limitMs)} seconds`,
});

/** On AWS a start that takes longer is begun again within the function's own timeout; here it fails. */
export const initTimedOut = (limitMs: number): LambdaError => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `Init timed out after ${seconds(limitMs)} seconds`,
});

/** An error of the platform as the caller sees it; one of the function's own, known by its trace, is left as it is. */
export const forCaller = (error: LambdaError, requestId: string): LambdaError =>
  error.trace ? error : { ...error, errorMessage: `RequestId: ${requestId} Error: ${error.errorMessage}` };
