import type { ModelVersionView } from '@kilat/contracts';
import { Command } from 'commander';
import { apiClient } from '../../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../../connection/connect.ts';
import { linesOption } from '../../options.ts';
import { printLine } from '../../output/json.ts';
import { table } from '../../output/table.ts';
import { run } from '../../run.ts';
import { modelArgument } from './arguments.ts';
import { aliasLine } from './move.ts';

const help = `
Examples:
  kilat models versions signs
  kilat models versions signs --json | jq -r 'select(.aliases | index("champion")) | .model_version'`;

interface VersionsOptions extends ConnectionOptions {
  readonly json?: true;
}

export const versionsCommand = (): Command =>
  withConnection(new Command('versions'))
    .description('list the versions that the stage has of a model, and who serves')
    .addArgument(modelArgument())
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((model: string, options: VersionsOptions) => run(() => listVersions(model, options)));

async function listVersions(model: string, options: VersionsOptions): Promise<true> {
  const api = apiClient(connect(options));
  const [{ versions }, state] = await Promise.all([
    api('modelVersions', { query: { model } }),
    api('modelAliases', { params: { model } }),
  ]);
  if (options.json) versions.forEach(printLine);
  else console.log(`${aliasLine(state)}\n\n${asTable(versions)}`);
  return true;
}

const asTable = (versions: readonly ModelVersionView[]): string =>
  table([
    ['VERSION', 'ALIASES', 'TASK', 'SHA256', 'DESCRIPTION'],
    ...versions.map(({ model_version, aliases, task, sha256, description }) => [
      model_version,
      aliases.join(', '),
      task,
      sha256.slice(0, 12),
      description,
    ]),
  ]);
