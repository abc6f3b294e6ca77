import { Command } from 'commander';
import { roleOption } from './connection/connect.ts';
import { connectLocally, DEFAULT_ROLE } from './connection/local.ts';
import { dataOption } from './connection/local-connection.ts';
import { run } from './run.ts';

const help = `
Examples:
  TOKEN=$(npm run --silent kilat -- token --as admin)`;

interface TokenOptions {
  readonly as: string;
  readonly data: string;
}

/** `kilat token`: prints an access token of the running local cloud, and nothing else. */
export const tokenCommand = (): Command =>
  new Command('token')
    .description('print an access token for the local cloud')
    .addOption(roleOption().default(DEFAULT_ROLE))
    .addOption(dataOption())
    .addHelpText('after', help)
    .action(({ as: role, data }: TokenOptions) =>
      run(async () => {
        console.log(await connectLocally(data, role).accessToken());
        return true;
      }),
    );
