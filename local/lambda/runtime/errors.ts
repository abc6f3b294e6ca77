import type { LambdaError } from '../messages.ts';

/** An error that Lambda itself names, e.g. `Runtime.ImportModuleError`. */
export class RuntimeError extends Error {
  constructor(type: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = type;
  }
}

/** What was thrown, in the shape of the payload; anything may be thrown. */
export function lambdaError(thrown: unknown): LambdaError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}

/** A promise that the function left to itself, and that rejected. */
export const unhandledRejection = (reason: unknown): LambdaError => ({
  ...lambdaError(reason),
  errorType: 'Runtime.UnhandledPromiseRejection',
  errorMessage: String(reason),
});
