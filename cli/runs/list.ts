import { modelNameSchema, type Run, runsQuerySchema } from '@kilat/contracts';
import { Command } from 'commander';
import { apiClient } from '../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../connection/connect.ts';
import { as, linesOption } from '../options.ts';
import { allOption, type ListingOptions, printPages } from '../output/listing.ts';
import { duration } from '../output/progress.ts';
import { table } from '../output/table.ts';
import { run } from '../run.ts';

const help = `
Examples:
  kilat runs list --model churn
  kilat runs list --all --json | jq -r 'select(.state == "failed") | .run_id'`;

interface ListOptions extends ConnectionOptions, ListingOptions {
  readonly model?: string;
  readonly limit?: number;
}

export const listCommand = (): Command =>
  withConnection(new Command('list'))
    .description("list your tenant's training runs, the newest first")
    .option('--model <name>', 'of this model alone', as(modelNameSchema))
    .option('--limit <number>', 'how many in a page', as(runsQuerySchema.shape.limit))
    .addOption(allOption())
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((options: ListOptions) =>
      run(() => {
        const api = apiClient(connect(options));
        const { model, limit } = options;
        return printPages(options, (next_cursor) => api('listRuns', { query: { model, limit, next_cursor } }), asTable);
      }),
    );

const asTable = (runs: readonly Run[]): string =>
  table([
    ['CREATED', 'MODEL', 'STATE', 'STEP', 'TOOK', 'VERSION', 'BECAME', 'RUN'],
    ...runs.map((shown) => [
      shown.created_at,
      shown.model,
      shown.state,
      shown.step ?? '',
      tookOf(shown),
      shown.version ?? '',
      shown.decision?.alias ?? '',
      shown.run_id,
    ]),
  ]);

/** From its creation to its end, as far as it has one. */
export const tookOf = ({ created_at, finished_at }: Run): string =>
  finished_at === undefined ? '' : duration((Date.parse(finished_at) - Date.parse(created_at)) / 1000);
