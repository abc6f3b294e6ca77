import { problemCodes, type Run } from '@kilat/contracts';
import { PlatformError } from '../../errors.ts';

/** An error by whose name the state machine tells a refusal, which no second try helps, from a fault. */
export class RefusedStepError extends Error {
  constructor(refusal: PlatformError) {
    super(refusal.message, { cause: refusal });
    this.name = refusal.code;
  }
}

/** What a step's error is to the state machine. */
export const asStepError = (error: unknown): unknown =>
  error instanceof PlatformError ? new RefusedStepError(error) : error;

/**
 * The problem of a run whose step failed. A refusal is told in its own words; of a fault of ours, the log tells more.
 * @param error as a `Catch` hands it on: the error's name, and Lambda's JSON about it
 */
export function problemOf({
  Error: name,
  Cause,
}: {
  readonly Error: string;
  readonly Cause: string;
}): NonNullable<Run['problem']> {
  const code = problemCodes.find((known) => known === name);
  if (code) return { code, detail: messageIn(Cause) };
  return { code: 'internal-error', detail: `the run was ended by an error of its own: ${name}` };
}

function messageIn(cause: string): string {
  try {
    return String((JSON.parse(cause) as { errorMessage?: string }).errorMessage ?? '');
  } catch {
    return '';
  }
}
