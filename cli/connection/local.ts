import { CliError, UnreachableError, UsageError } from '../errors.ts';
import { signIn, type Tokens } from './cognito.ts';
import type { Connection } from './connection.ts';
import { type LocalConnection, readConnection, readPassword } from './local-connection.ts';
import { tokenSource } from './tokens.ts';

export const DEFAULT_ROLE = 'user';

/**
 * The running local cloud, entered as one of its demo users.
 * @throws {CliError} when it was never started
 */
export function connectLocally(dataDir: string, role = DEFAULT_ROLE): Connection {
  const connection = readConnection(dataDir);
  return {
    apiUrl: connection.api_url,
    accessToken: tokenSource(undefined, () => signInAs(role, dataDir, connection)),
    whenUnreachable: notRunning(connection),
  };
}

const notRunning = ({ api_url }: LocalConnection): string =>
  `the local cloud does not run (${api_url} was the last); start it with npm start`;

async function signInAs(role: string, dataDir: string, connection: LocalConnection): Promise<Tokens> {
  const username = connection.users[role];
  if (!username) {
    throw new UsageError(`role '${role}' is not known; expected one of ${Object.keys(connection.users).join(', ')}`);
  }
  const client = { cognitoUrl: connection.endpoints.cognito, clientId: connection.user_pool_client_id };
  const password = readPassword(dataDir, role);
  const answer = async () => Promise.reject(new CliError('its password is for once only; start anew with npm start'));
  return signIn(client, { username, password, answer }).catch((cause: unknown) => {
    if (cause instanceof UnreachableError) throw new CliError(notRunning(connection), { cause: cause.cause });
    throw new CliError(`${username} cannot sign in`, { cause });
  });
}
