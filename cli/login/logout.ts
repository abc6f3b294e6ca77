import { Command } from 'commander';
import { revoke } from '../connection/cognito.ts';
import { stageOption } from '../connection/connect.ts';
import { type SignInStore, signInStore } from '../connection/sign-ins.ts';
import { CliError, reasonOf } from '../errors.ts';
import { complain, run } from '../run.ts';

const help = `
Examples:
  kilat logout
  kilat logout --stage staging`;

/** `kilat logout`: ends sign-ins, at Cognito and on this machine. */
export const logoutCommand = (): Command =>
  new Command('logout')
    .description('end the sign-in to a deployed stage; to all of them where none is named')
    .addOption(stageOption())
    .addHelpText('after', help)
    .action(({ stage }: { readonly stage?: string }) => run(() => logout(stage, signInStore())));

async function logout(stage: string | undefined, store: SignInStore): Promise<boolean> {
  if (stage && !store.get(stage)) throw new CliError(`nobody is signed in to '${stage}'`);
  const stages = stage ? [stage] : store.names();
  for (const name of stages) {
    await revokeAt(name, store);
    store.delete(name);
    console.error(`signed out of ${name}`);
  }
  return true;
}

/** What is on this machine goes in any case; a refresh token that nobody has ends by itself. */
async function revokeAt(stage: string, store: SignInStore): Promise<void> {
  const { cognito_url, client_id, refresh_token } = store.get(stage)!;
  await revoke({ cognitoUrl: cognito_url, clientId: client_id }, refresh_token).catch((error: unknown) => {
    complain(`the refresh token was not revoked: ${reasonOf(error)}`);
  });
}
