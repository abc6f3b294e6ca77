import { Command } from 'commander';
import { CliError } from './errors.ts';
import { dataOption, type LocalConnection, readConnection, readPassword } from './local-connection.ts';

interface TokenOptions {
  readonly as: string;
  readonly data: string;
}

/** `kilat token`: prints an access token of the running local cloud, and nothing else. */
export const tokenCommand = (): Command =>
  new Command('token')
    .description('print an access token for the local cloud')
    .option('--as <role>', 'user, admin (of the same tenant) or other (a user of another tenant)', 'user')
    .addOption(dataOption())
    .action(async ({ as: role, data }: TokenOptions) => {
      process.stdout.write(`${await signIn(role, data)}\n`);
    });

/**
 * Signs a demo user in.
 * @throws {CliError} when the role is unknown, or the local cloud was never started or does not run
 */
export async function signIn(role: string, dataDir: string): Promise<string> {
  const connection = readConnection(dataDir);
  const username = connection.users[role];
  if (!username) {
    throw new CliError(`role '${role}' is not known; expected one of ${Object.keys(connection.users).join(', ')}`);
  }
  const answer = await initiateAuth(connection, { USERNAME: username, PASSWORD: readPassword(dataDir, role) });
  const token = answer.AuthenticationResult?.AccessToken;
  if (!token) throw new CliError(`${username} cannot sign in: ${answer.message ?? 'no token came back'}`);
  return token;
}

interface Answer {
  readonly AuthenticationResult?: { readonly AccessToken?: string };
  readonly message?: string;
}

/** By hand: to load the SDK takes longer than the whole command. */
async function initiateAuth(
  { endpoints, user_pool_client_id, api_url }: LocalConnection,
  AuthParameters: Record<string, string>,
): Promise<Answer> {
  try {
    const response = await fetch(endpoints.cognito, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
      },
      body: JSON.stringify({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId: user_pool_client_id, AuthParameters }),
    });
    return (await response.json()) as Answer;
  } catch (cause) {
    throw new CliError(`the local cloud does not run (${api_url} was the last); start it with npm start`, { cause });
  }
}
