import { historyQuerySchema, type PredictionRecord } from '@kilat/contracts';
import { Command, Option } from 'commander';
import { type Api, apiClient } from '../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../connection/connect.ts';
import { as, linesOption } from '../options.ts';
import { allOption, type ListingOptions, printPages } from '../output/listing.ts';
import { table } from '../output/table.ts';
import { run, untilInterrupted } from '../run.ts';

const { model, label, source, from, to, limit } = historyQuerySchema.shape;

const help = `
Examples:
  kilat history --label 3 --limit 5
  kilat history --from 2026-11-20T00:00:00Z --to 2026-11-21T00:00:00Z --all --json > day.ndjson`;

interface HistoryOptions extends ConnectionOptions, ListingOptions {
  readonly model?: string;
  readonly label?: string;
  readonly source?: PredictionRecord['source'];
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
}

/** `kilat history`: what was predicted before, the newest first. */
export const historyCommand = (): Command =>
  withConnection(new Command('history'))
    .description("list predictions: your own, or as an admin your tenant's")
    .option('--model <name>', 'of this model alone', as(model))
    .option('--label <label>', 'with this label alone', as(label))
    .addOption(new Option('--source <source>', 'how the photo came in').choices(source.unwrap().options))
    .option('--from <time>', 'made at this time or later, such as 2026-11-20T09:30:00Z', as(from))
    .option('--to <time>', 'made before this time', as(to))
    .option('--limit <number>', 'how many in a page', as(limit))
    .addOption(allOption())
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((options: HistoryOptions) =>
      run(() =>
        untilInterrupted(
          (signal) => history(options, apiClient(connect(options), signal)),
          () => 'stopped',
        ),
      ),
    );

function history(options: HistoryOptions, api: Api): Promise<boolean> {
  const { model, label, source, from, to, limit } = options;
  const query = { model, label, source, from, to, limit };
  return printPages(options, (next_cursor) => api('listHistory', { query: { ...query, next_cursor } }), asTable);
}

const asTable = (records: readonly PredictionRecord[]): string =>
  table([
    ['TIME', 'LABEL', 'CONFIDENCE', 'MODEL', 'VERSION', 'SOURCE', 'PREDICTION'],
    ...records.map(({ created_at, label, confidence, model, model_version, source, prediction_id }) => [
      created_at,
      label,
      confidence.toFixed(3),
      model,
      model_version,
      source,
      prediction_id,
    ]),
  ]);
