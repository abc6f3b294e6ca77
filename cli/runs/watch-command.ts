import type { Run } from '@kilat/contracts';
import { Command } from 'commander';
import { type Api, apiClient } from '../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../connection/connect.ts';
import { linesOption } from '../options.ts';
import { printLine } from '../output/json.ts';
import { CLEAR_LINE } from '../output/progress-bar.ts';
import { run, untilInterrupted } from '../run.ts';
import { watched } from '../watch.ts';
import { tookOf } from './list.ts';
import { runArgument } from './run-argument.ts';
import { hasEnded, RunLog } from './run-log.ts';

const help = `
Examples:
  kilat runs watch 019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53

Exit codes: 0 a version was registered, 1 the data were refused or the run failed, 2 wrong usage, 130 stopped with Ctrl-C:
the run goes on.`;

interface WatchOptions {
  readonly json?: true;
  readonly signal?: AbortSignal;
}

export const watchCommand = (): Command =>
  withConnection(new Command('watch'))
    .description('show how far a run is, step by step, until it has ended')
    .addArgument(runArgument())
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((runId: string, options: WatchOptions & ConnectionOptions) =>
      run(() =>
        untilInterrupted(
          (signal) => watchToItsEnd(apiClient(connect(options), signal), runId, { ...options, signal }),
          () => goesOn(runId),
        ),
      ),
    );

/** What a person is told who stops watching. */
export const goesOn = (runId: string): string => `stopped watching; the run goes on: kilat runs watch ${runId}`;

/** A run's steps take seconds to minutes. */
const MAX_WAIT_MS = 2000;

/**
 * Steps on stderr as they end, the outcome on stdout.
 * @returns false for a run that ended without a version
 */
export async function watchToItsEnd(api: Api, run_id: string, { json, signal }: WatchOptions): Promise<boolean> {
  const log = new RunLog(performance.now());
  let last: Run | undefined;
  const runs = watched(() => api('getRun', { params: { run_id } }), hasEnded, { signal, maxWaitMs: MAX_WAIT_MS });
  for await (const seen of runs) {
    show(log, seen);
    last = seen;
  }
  if (json) printLine(last);
  else console.log(summary(last!));
  return last!.state === 'succeeded';
}

/** On a terminal the last line is of what is under way, drawn anew at each look. */
function show(log: RunLog, seen: Run): void {
  const now = performance.now();
  const { isTTY } = process.stderr;
  const lines = log.lines(seen, now).map((line) => `${line}\n`);
  const live = isTTY && !hasEnded(seen) ? log.current(seen, now) : '';
  process.stderr.write(`${isTTY ? CLEAR_LINE : ''}${lines.join('')}${live}`);
}

function summary(ended: Run): string {
  const { run_id, state, version, decision, problem } = ended;
  const outcome = [
    ...(version ? [`version ${version}`] : []),
    ...(decision ? [decision.alias === 'none' ? 'no alias moved' : `now ${decision.alias}`] : []),
    ...(problem ? [`${problem.detail} (${problem.code})`] : []),
  ];
  return `${run_id} ${state}${tookOf(ended) && ` in ${tookOf(ended)}`}${outcome.length > 0 ? `: ${outcome.join(', ')}` : ''}`;
}
