import type { Command } from 'commander';
import { InterruptedError, reasonOf } from './refusal.ts';

/** 0 is success; a shell expects 128 and the signal's number of what a signal ended. */
const EXIT = { failed: 1, wrongUsage: 2, interrupted: 130 } as const;

/** Answers wrong usage with 2, where commander would say 1; help stays a success. */
export const exitAsDocumented = (command: Command): Command =>
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT.wrongUsage));

/**
 * Runs a command's work and tells what it throws in one sentence.
 * @param work resolves to false when it did all it was asked and what it found is a failure
 */
export async function run(work: () => Promise<boolean>): Promise<void> {
  try {
    if (!(await work())) process.exitCode = EXIT.failed;
  } catch (error) {
    console.error(`kilat: ${reasonOf(error)}`);
    process.exitCode = error instanceof InterruptedError ? EXIT.interrupted : EXIT.failed;
  }
}

/**
 * Lets work tidy up when it is stopped: the first Ctrl-C aborts the signal, a second one ends the process.
 * @throws {InterruptedError} once the work has given up
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await work(stop.signal);
  } catch (error) {
    throw stop.signal.aborted ? new InterruptedError('stopped; nothing was left half done') : error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
