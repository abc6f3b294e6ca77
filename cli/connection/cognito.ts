import { CliError, UnreachableError } from '../errors.ts';

/** Where users sign in, and the app client through which they do. */
export interface AppClient {
  readonly cognitoUrl: string;
  readonly clientId: string;
}

export interface Tokens {
  readonly accessToken: string;
  /** absent where only an access token was renewed: the refresh token stays as it is */
  readonly refreshToken?: string | undefined;
  readonly expiresAtMs: number;
}

/** What Cognito may ask for after the password; the value is the name of the answer. */
export const challenges = {
  NEW_PASSWORD_REQUIRED: 'NEW_PASSWORD',
  SOFTWARE_TOKEN_MFA: 'SOFTWARE_TOKEN_MFA_CODE',
} as const;
export type Challenge = keyof typeof challenges;

export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** asked once for each challenge */
  readonly answer: (challenge: Challenge) => Promise<string>;
}

/** A refusal of Cognito; `type` is its exception's name. */
export class SignInError extends CliError {
  override readonly name = 'SignInError';
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

interface Answer {
  readonly AuthenticationResult?: {
    readonly AccessToken: string;
    readonly RefreshToken?: string;
    readonly ExpiresIn: number;
  };
  readonly ChallengeName?: string;
  readonly ChallengeParameters?: Readonly<Record<string, string>>;
  readonly Session?: string;
}

/**
 * Signs a user in with a password, and answers what else is asked for.
 * @throws {SignInError} when Cognito refuses
 * @throws {UnreachableError}
 */
export async function signIn(client: AppClient, { username, password, answer }: Credentials): Promise<Tokens> {
  const AuthParameters = { USERNAME: username, PASSWORD: password };
  let reply = await ask(client, 'InitiateAuth', { AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters });
  while (reply.ChallengeName !== undefined) {
    const { ChallengeName, ChallengeParameters, Session } = reply;
    if (!isKnown(ChallengeName)) throw new SignInError(ChallengeName, `this client cannot answer ${ChallengeName}`);
    const USERNAME = ChallengeParameters?.USER_ID_FOR_SRP ?? username;
    const ChallengeResponses = { USERNAME, [challenges[ChallengeName]]: await answer(ChallengeName) };
    reply = await ask(client, 'RespondToAuthChallenge', { ChallengeName, Session, ChallengeResponses });
  }
  return tokensOf(reply);
}

/** New tokens for a session. @throws {SignInError} when it has ended @throws {UnreachableError} */
export async function refresh(client: AppClient, refreshToken: string): Promise<Tokens> {
  const AuthParameters = { REFRESH_TOKEN: refreshToken };
  return tokensOf(await ask(client, 'InitiateAuth', { AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters }));
}

/** Ends a session: its refresh token is worth nothing from now on. */
export async function revoke(client: AppClient, refreshToken: string): Promise<void> {
  await ask(client, 'RevokeToken', { Token: refreshToken });
}

const isKnown = (challenge: string): challenge is Challenge => Object.hasOwn(challenges, challenge);

function tokensOf({ AuthenticationResult: result }: Answer): Tokens {
  if (!result) throw new SignInError('NoTokens', 'Cognito answered without a token');
  const { AccessToken: accessToken, RefreshToken: refreshToken, ExpiresIn } = result;
  return { accessToken, refreshToken, expiresAtMs: Date.now() + ExpiresIn * 1000 };
}

/** By hand: to load the SDK takes longer than the whole command. These operations are public, so nothing is signed. */
async function ask({ cognitoUrl, clientId }: AppClient, operation: string, input: object): Promise<Answer> {
  const response = await fetch(cognitoUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify({ ...input, ClientId: clientId }),
    signal: AbortSignal.timeout(30_000),
  }).catch((cause: unknown) => {
    throw new UnreachableError(`${cognitoUrl} does not answer`, cause);
  });
  const body = await response.text();
  if (!response.ok) throw refusal(response.status, body);
  return (body ? JSON.parse(body) : {}) as Answer; // RevokeToken answers with nothing
}

function refusal(status: number, body: string): SignInError {
  try {
    const { __type: type, message } = JSON.parse(body) as { __type: string; message: string };
    return new SignInError(type.split('#').at(-1)!, message);
  } catch {
    return new SignInError('Unknown', `Cognito answered ${status}`); // a proxy between, say
  }
}
