import type { Job } from '@kilat/contracts';
import { Command } from 'commander';
import { type Api, apiClient } from '../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../connection/connect.ts';
import { linesOption } from '../options.ts';
import { printLine } from '../output/json.ts';
import { duration, progressText, type Tally } from '../output/progress.ts';
import { ProgressBar } from '../output/progress-bar.ts';
import { run, untilInterrupted } from '../run.ts';
import { jobArgument } from './job-argument.ts';
import { hasEnded, watch } from './watch.ts';

const help = `
Examples:
  kilat jobs watch 019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53

Exit codes: 0 every photo was answered, 1 some were not or the job was cancelled, 2 wrong usage, 130 stopped with Ctrl-C.`;

interface WatchOptions {
  readonly json?: true;
  readonly signal?: AbortSignal;
}

export const watchCommand = (): Command =>
  withConnection(new Command('watch'))
    .description('show how far a job is, until it has ended')
    .addArgument(jobArgument())
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((jobId: string, options: WatchOptions & ConnectionOptions) =>
      run(() =>
        untilInterrupted(
          (signal) => watchToItsEnd(apiClient(connect(options), signal), jobId, { ...options, signal }),
          () => runsOn(jobId),
        ),
      ),
    );

/** What a person is told who stops watching. */
export const runsOn = (jobId: string): string => `stopped watching; the job runs on: kilat jobs watch ${jobId}`;

/** @returns false for a job that ended otherwise than with an answer to each photo */
export async function watchToItsEnd(api: Api, jobId: string, { json, signal }: WatchOptions): Promise<boolean> {
  const bar = new ProgressBar();
  const show = process.stderr.isTTY ? (job: Job) => bar.draw(tallyOf(job)) : inLog();
  let last: Job | undefined;
  for await (const job of watch(api, jobId, { signal })) {
    show(job);
    last = job;
  }
  bar.aside(() => (json ? printLine(last) : console.log(summary(last!))));
  return last!.state === 'succeeded';
}

/** A log gets a line for each tenth of the way. */
function inLog(): (job: Job) => void {
  let told = '';
  return (job) => {
    const step = `${job.state} ${Math.floor(job.progress * 10)}`;
    if (step !== told && !hasEnded(job)) console.error(progressText(tallyOf(job)));
    told = step;
  };
}

const tallyOf = ({ state, counts, rate_per_second, eta_seconds }: Job): Tally => ({
  label: state,
  done: counts.succeeded + counts.failed,
  total: counts.total,
  failed: counts.failed,
  ratePerSecond: rate_per_second,
  etaSeconds: eta_seconds,
});

function summary({ job_id, state, counts, problem, created_at, finished_at }: Job): string {
  const took = finished_at ? ` in ${duration((Date.parse(finished_at) - Date.parse(created_at)) / 1000)}` : '';
  const reason = problem ? `; ${problem.title}: ${problem.detail} (${problem.code})` : '';
  return `${job_id} ${state}${took}: ${counts.succeeded} of ${counts.total} answered, ${counts.failed} failed${reason}`;
}
