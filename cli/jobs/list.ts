import { type Job, jobsQuerySchema } from '@kilat/contracts';
import { Command } from 'commander';
import { type Api, apiClient } from '../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../connection/connect.ts';
import { as, linesOption } from '../options.ts';
import { allOption, type ListingOptions, printPages } from '../output/listing.ts';
import { table } from '../output/table.ts';
import { run, untilInterrupted } from '../run.ts';

const help = `
Examples:
  kilat jobs list --limit 5
  kilat jobs list --all --json | jq -r 'select(.state == "running") | .job_id'`;

interface ListOptions extends ConnectionOptions, ListingOptions {
  readonly limit?: number;
}

export const listCommand = (): Command =>
  withConnection(new Command('list'))
    .description("list jobs, the newest first: your own, or as an admin your tenant's")
    .option('--limit <number>', 'how many in a page', as(jobsQuerySchema.shape.limit))
    .addOption(allOption())
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((options: ListOptions) =>
      run(() =>
        untilInterrupted(
          (signal) => list(options, apiClient(connect(options), signal)),
          () => 'stopped',
        ),
      ),
    );

const list = (options: ListOptions, api: Api): Promise<boolean> =>
  printPages(options, (next_cursor) => api('listJobs', { query: { limit: options.limit, next_cursor } }), asTable);

const asTable = (jobs: readonly Job[]): string =>
  table([
    ['CREATED', 'STATE', 'ITEMS', 'ANSWERED', 'FAILED', 'MODEL', 'JOB'],
    ...jobs.map(({ created_at, state, counts, model, job_id }) => [
      created_at,
      state,
      `${counts.total}`,
      `${counts.succeeded}`,
      `${counts.failed}`,
      model,
      job_id,
    ]),
  ]);
