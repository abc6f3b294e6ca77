import { styleText } from 'node:util';
import type { Command } from 'commander';
import { InterruptedError, reasonOf, UsageError } from './errors.ts';
import { CLEAR_LINE } from './output/progress-bar.ts';

/** 0 is success; a shell expects 128 and the signal's number of what a signal ended. */
const EXIT = { failed: 1, wrongUsage: 2, interrupted: 130 } as const;

/** Answers wrong usage of a command and of those below it with 2, where commander would say 1; help stays a success. */
export function exitAsDocumented(command: Command): Command {
  for (const subcommand of command.commands) exitAsDocumented(subcommand);
  return command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT.wrongUsage));
}

/** Ends the command, as any other in a pipe, once a reader such as `head` has seen enough. */
export function endWithItsReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

/**
 * Runs a command's work and tells what it throws in one sentence.
 * @param work resolves to false when it did all it was asked and what it found is a failure
 */
export async function run(work: () => Promise<boolean>): Promise<void> {
  try {
    if (!(await work())) process.exitCode = EXIT.failed;
  } catch (error) {
    complain(error);
    process.exitCode = exitCodeOf(error);
  }
}

/** One line on stderr, where a progress bar may stand: stdout stays what other programs read. */
export function complain(error: unknown): void {
  const clear = process.stderr.isTTY ? CLEAR_LINE : '';
  console.error(`${clear}${styleText('red', 'kilat:', { stream: process.stderr })} ${reasonOf(error)}`);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError) return EXIT.interrupted;
  return error instanceof UsageError ? EXIT.wrongUsage : EXIT.failed;
}

/**
 * Lets work tidy up when it is stopped: the first Ctrl-C aborts the signal, a second one ends the process.
 * @param told what the person is told who stopped it, by how far it was
 * @throws {InterruptedError} once the work has given up
 */
export async function untilInterrupted<T>(
  work: (signal: AbortSignal) => Promise<T>,
  told = () => 'stopped; nothing was left half done',
): Promise<T> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await work(stop.signal);
  } catch (error) {
    throw stop.signal.aborted ? new InterruptedError(told()) : error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
