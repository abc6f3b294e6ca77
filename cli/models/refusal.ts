import { CliError } from '../errors.ts';

/** What a command refuses or could not do. */
export class RefusedError extends CliError {
  override readonly name = 'RefusedError';
}

/** Work that was stopped with Ctrl-C, after it tidied up. */
export class InterruptedError extends CliError {
  override readonly name = 'InterruptedError';
}

/** What went wrong on one line: the error, and what it came from. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  const message = oneLine(error.message);
  return error.cause === undefined ? message : `${message}: ${reasonOf(error.cause)}`;
}

const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, '; ');
