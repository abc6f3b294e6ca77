import { type Command, Option } from 'commander';
import { CliError, UsageError } from '../errors.ts';
import type { Connection } from './connection.ts';
import { connectLocally } from './local.ts';
import { dataOption } from './local-connection.ts';
import { signInStore } from './sign-ins.ts';
import { connectToStage } from './stage.ts';

export interface ConnectionOptions {
  readonly stage: string;
  readonly as?: string;
  readonly data: string;
}

/** The stage that runs on this machine, and needs no `kilat login`. */
export const LOCAL_STAGE = 'local';

export const stageOption = (): Option =>
  new Option('--stage <name>', 'a deployed stage that you signed in to with kilat login').env('KILAT_STAGE');

export const regionOption = (): Option =>
  new Option('--region <region>', "where the stage's stacks and its user pool are; else as your AWS profile says");

export const endpointOption = (): Option =>
  new Option('--endpoint <url>', "Cognito's address, where it is not AWS's own").env('KILAT_COGNITO_URL');

export const roleOption = (): Option =>
  new Option('--as <role>', 'of the local cloud: user, admin (of the same tenant) or other (a user of another tenant)');

/** Which API a command speaks to: the same options for all that do. */
export const withConnection = (command: Command): Command =>
  command.addOption(stageOption().default(LOCAL_STAGE)).addOption(roleOption()).addOption(dataOption());

/** @throws {CliError} when that API was never started, or nobody signed in to it */
export function connect({ stage, as: role, data }: ConnectionOptions): Connection {
  if (stage === LOCAL_STAGE) return connectLocally(data, role);
  if (role !== undefined) throw new UsageError(`--as is for the local cloud; ${stage} is entered as who signed in`);
  const store = signInStore();
  const signIn = store.get(stage);
  if (!signIn) throw new CliError(`nobody is signed in to '${stage}'; sign in with kilat login --stage ${stage}`);
  return connectToStage(stage, signIn, store);
}
