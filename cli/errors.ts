/** What keeps a command from its work, in one sentence that a person can act upon. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
}

/** A command line that asks for what cannot be, where commander alone does not see it. */
export class UsageError extends CliError {
  override readonly name = 'UsageError';
}

/** Work that was stopped with Ctrl-C, after it tidied up. */
export class InterruptedError extends CliError {
  override readonly name = 'InterruptedError';
}

/** An address that nobody answers at. */
export class UnreachableError extends CliError {
  override readonly name = 'UnreachableError';

  /** @param cause what `fetch` threw, whose own cause says what happened: it itself says "fetch failed" */
  constructor(message: string, cause: unknown) {
    super(message, { cause: (cause as Error | undefined)?.cause ?? cause });
  }
}

/** What went wrong on one line: the error, and what it came from. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  const message = oneLine(error.message);
  return error.cause === undefined ? message : `${message}: ${reasonOf(error.cause)}`;
}

const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, '; ');
