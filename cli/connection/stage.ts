import { CliError } from '../errors.ts';
import { refresh, SignInError, type Tokens } from './cognito.ts';
import type { Connection } from './connection.ts';
import type { SignIn, SignInStore } from './sign-ins.ts';
import { tokenSource } from './tokens.ts';

/** A deployed stage, entered with what `kilat login` left; new tokens are kept for the next command. */
export function connectToStage(stage: string, signIn: SignIn, store: SignInStore): Connection {
  let current = signIn;
  const renew = async (): Promise<Tokens> => {
    const tokens = await refreshed(stage, current);
    // A refresh token stays as it is, unless the pool rotates them and sends another.
    const { accessToken: access_token, expiresAtMs: expires_at_ms, refreshToken = current.refresh_token } = tokens;
    current = { ...current, access_token, expires_at_ms, refresh_token: refreshToken };
    store.put(stage, current);
    return tokens;
  };
  return {
    apiUrl: signIn.api_url,
    accessToken: tokenSource({ accessToken: signIn.access_token, expiresAtMs: signIn.expires_at_ms }, renew),
    whenUnreachable: `${signIn.api_url} does not answer`,
  };
}

async function refreshed(stage: string, { cognito_url, client_id, refresh_token }: SignIn): Promise<Tokens> {
  try {
    return await refresh({ cognitoUrl: cognito_url, clientId: client_id }, refresh_token);
  } catch (cause) {
    if (!(cause instanceof SignInError)) throw cause;
    throw new CliError(`the sign-in to '${stage}' has ended; sign in with kilat login --stage ${stage}`, { cause });
  }
}
