import { type AliasState, aliasPathSchema, type PromoteRequest, promoteRequestSchema } from '@kilat/contracts';
import { Argument, Command, Option } from 'commander';
import { type Api, apiClient } from '../../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../../connection/connect.ts';
import { linesOption } from '../../options.ts';
import { printLine } from '../../output/json.ts';
import { run } from '../../run.ts';
import { modelArgument, reasonOption, versionArgument } from './arguments.ts';
import { aliasLine, moveAliases } from './move.ts';
import { percentOption } from './percent-option.ts';

interface MoveOptions extends ConnectionOptions {
  readonly reason?: string;
  readonly json?: true;
}

interface PromoteOptions extends MoveOptions {
  readonly to: PromoteRequest['alias'];
  readonly percent?: number;
}

const promoteHelp = `
A champion answers; a challenger answers a percent of the users; a shadow answers copies that nobody is shown. Running
functions notice within 30 seconds.

Examples:
  kilat models promote signs 3 --as admin
  kilat models promote signs 3 --as admin --to challenger --percent 10 --reason 'better at night'`;

export const promoteCommand = (): Command =>
  withConnection(new Command('promote'))
    .description('give a version an alias; for admins')
    .addArgument(modelArgument())
    .addArgument(versionArgument())
    .addOption(toOption())
    .addOption(percentOption())
    .addOption(reasonOption())
    .addOption(linesOption())
    .addHelpText('after', promoteHelp)
    .action((model: string, version: string, options: PromoteOptions) =>
      run(async () => {
        const { to: alias, percent: challenger_percent, reason } = options;
        const body = { version, alias, challenger_percent, reason };
        return moved(options, model, (api, headers) => api('promoteModel', { params: { model }, body, headers }));
      }),
    );

const aliases = promoteRequestSchema.shape.alias.unwrap().options;

const toOption = (): Option =>
  new Option('--to <alias>', 'the alias that it gets')
    .choices(aliases)
    .default('champion' satisfies (typeof aliases)[number]);

const rollBackHelp = `
Two rollbacks undo each other.

Examples:
  kilat models rollback signs --as admin --reason 'mixes up six and nine'`;

export const rollBackCommand = (): Command =>
  withConnection(new Command('rollback'))
    .description('bring the champion before back; for admins')
    .addArgument(modelArgument())
    .addOption(reasonOption())
    .addOption(linesOption())
    .addHelpText('after', rollBackHelp)
    .action((model: string, options: MoveOptions) =>
      run(async () => {
        const body = { reason: options.reason };
        return moved(options, model, (api, headers) => api('rollBackModel', { params: { model }, body, headers }));
      }),
    );

type Withdrawable = (typeof withdrawable)[number];
const withdrawable = aliasPathSchema.shape.alias.options;

const withdrawHelp = `
Examples:
  kilat models withdraw signs challenger --as admin`;

export const withdrawCommand = (): Command =>
  withConnection(new Command('withdraw'))
    .description('take a challenger or a shadow out of service; for admins')
    .addArgument(modelArgument())
    .addArgument(new Argument('<alias>', 'what it is called').choices(withdrawable))
    .addOption(linesOption())
    .addHelpText('after', withdrawHelp)
    .action((model: string, alias: Withdrawable, options: MoveOptions) =>
      run(async () =>
        moved(options, model, (api, headers) => api('withdrawAlias', { params: { model, alias }, headers })),
      ),
    );

type Move = (api: Api, headers: Parameters<Parameters<typeof moveAliases>[2]>[0]) => Promise<AliasState>;

async function moved(options: MoveOptions, model: string, move: Move): Promise<true> {
  const api = apiClient(connect(options));
  const state = await moveAliases(api, model, (headers) => move(api, headers));
  if (options.json) printLine(state);
  else console.log(aliasLine(state));
  return true;
}
