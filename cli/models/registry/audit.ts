import { type AuditRecord, auditQuerySchema } from '@kilat/contracts';
import { Command } from 'commander';
import { apiClient } from '../../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../../connection/connect.ts';
import { as, linesOption } from '../../options.ts';
import { allOption, type ListingOptions, printPages } from '../../output/listing.ts';
import { table } from '../../output/table.ts';
import { run } from '../../run.ts';
import { modelArgument } from './arguments.ts';

const help = `
Examples:
  kilat models audit signs --as admin
  kilat models audit signs --as admin --all --json`;

interface AuditOptions extends ConnectionOptions, ListingOptions {
  readonly limit?: number;
}

export const auditCommand = (): Command =>
  withConnection(new Command('audit'))
    .description('tell who registered and moved what, when and why, the newest first; for admins')
    .addArgument(modelArgument())
    .option('--limit <number>', 'how many in a page', as(auditQuerySchema.shape.limit))
    .addOption(allOption())
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((model: string, options: AuditOptions) =>
      run(() => {
        const api = apiClient(connect(options));
        const { limit } = options;
        return printPages(
          options,
          (next_cursor) => api('modelAudit', { params: { model }, query: { limit, next_cursor } }),
          asTable,
        );
      }),
    );

const asTable = (records: readonly AuditRecord[]): string =>
  table([
    ['AT', 'ACTION', 'VERSION', 'CHAMPION', 'BY', 'REASON'],
    ...records.map(({ at, action, version, before, after, by, reason = '' }) => [
      at,
      action,
      version,
      championOf(before?.champion, after?.champion),
      by,
      reason,
    ]),
  ]);

const championOf = (before = '', after = ''): string =>
  before === after || before === '' ? after : `${before} → ${after}`;
