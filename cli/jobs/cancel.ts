import { Command } from 'commander';
import { apiClient } from '../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../connection/connect.ts';
import { linesOption } from '../options.ts';
import { printLine } from '../output/json.ts';
import { run } from '../run.ts';
import { jobArgument } from './job-argument.ts';

const help = `
Examples:
  kilat jobs cancel 019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53`;

interface CancelOptions extends ConnectionOptions {
  readonly json?: true;
}

export const cancelCommand = (): Command =>
  withConnection(new Command('cancel'))
    .description('cancel a job: what is done stays, and no more is begun')
    .addArgument(jobArgument())
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((jobId: string, options: CancelOptions) => run(() => cancel(jobId, options)));

async function cancel(jobId: string, options: CancelOptions): Promise<boolean> {
  const job = await apiClient(connect(options))('cancelJob', { params: { job_id: jobId } });
  if (options.json) printLine(job);
  else console.log(`${jobId} ${job.state}`);
  return true;
}
