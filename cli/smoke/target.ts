import { type Api, apiClient } from '../api/client.ts';
import { signIn } from '../connection/cognito.ts';
import { LOCAL_STAGE } from '../connection/connect.ts';
import type { Connection } from '../connection/connection.ts';
import { findStage } from '../connection/find-stage.ts';
import { connectLocally } from '../connection/local.ts';
import { type Place, type SignInStore, signInStore } from '../connection/sign-ins.ts';
import { connectToStage } from '../connection/stage.ts';
import { tokenSource } from '../connection/tokens.ts';
import type { Inbox } from '../drop/inbox.ts';
import { CliError } from '../errors.ts';
import { placeOf } from '../login/place.ts';

/** A stage that is tried out. */
export interface SmokeTarget {
  readonly stage: string;
  readonly connection: Connection;
  readonly api: (signal: AbortSignal) => Api;
  readonly inbox: () => Promise<Inbox>;
}

export interface TargetOptions {
  readonly stage: string;
  readonly data: string;
  readonly as?: string;
  readonly region?: string;
  readonly endpoint?: string;
}

/** @throws {CliError} when it is not known where the stage is */
export async function targetOf(options: TargetOptions): Promise<SmokeTarget> {
  const { stage, data, region, as: role } = options;
  const connection = stage === LOCAL_STAGE ? connectLocally(data, role) : await connectionTo(options, signInStore());
  return {
    stage,
    connection,
    api: (signal) => apiClient(connection, signal),
    inbox: async () => (await import('../drop/inbox.ts')).openInbox({ stage, data, region }), // loads the SDK
  };
}

/** As the smoke user where the environment names one: a machine has not signed in before. Else as whoever did. */
async function connectionTo(
  { stage, region, endpoint }: TargetOptions,
  store: SignInStore,
  env = process.env,
): Promise<Connection> {
  const known = store.get(stage);
  const { KILAT_SMOKE_USERNAME: username, KILAT_SMOKE_PASSWORD: password } = env;
  if (known && !(username && password)) return connectToStage(stage, known, store);
  const place = await placeOf({ region, endpoint }, known, () => findStage(stage, region));
  return asSmokeUser(stage, place, { username, password });
}

interface SmokeUser {
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Who is missing is told when the token is asked for, so that what needs none is tried all the same. */
function asSmokeUser(stage: string, { api_url, cognito_url, client_id }: Place, user: SmokeUser): Connection {
  return {
    apiUrl: api_url,
    accessToken: tokenSource(undefined, async () => {
      const { username, password } = user;
      if (!username || !password) {
        throw new CliError(`KILAT_SMOKE_USERNAME and KILAT_SMOKE_PASSWORD are not set, nor is there a kept sign-in`);
      }
      return signIn({ cognitoUrl: cognito_url, clientId: client_id }, { username, password, answer: refuse(stage) });
    }),
    whenUnreachable: `${api_url} does not answer`,
  };
}

const refuse = (stage: string) => (challenge: string) =>
  Promise.reject(
    new CliError(`the smoke user meets ${challenge}; sign in once as that user: kilat login --stage ${stage}`),
  );
