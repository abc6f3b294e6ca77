import type {
  AdminInitiateAuthRequest,
  AdminRespondToAuthChallengeRequest,
  GetTokensFromRefreshTokenRequest,
  InitiateAuthRequest,
  RespondToAuthChallengeRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import { checkPassword } from './attempts.ts';
import { assertSecretHash, provesClient, requireClient, requireClientOf } from './clients.ts';
import { type AuthRequest, afterPassword, findUserToSignIn, requireParameter } from './complete-sign-in.ts';
import type { Cognito } from './context.ts';
import { invalidParameter, notAuthorized, userDisabled, wrongCredentials } from './errors.ts';
import type { Client, Wire } from './model.ts';
import { answerNewPassword } from './new-password.ts';
import { requirePool } from './pools.ts';
import { sessionToRefresh } from './sessions.ts';
import { answerPasswordVerifier, initiateSrp } from './srp-sign-in.ts';
import { issueTokens } from './tokens.ts';

export const signInOperations = (cognito: Cognito) => ({
  InitiateAuth: (input: Wire<InitiateAuthRequest>) =>
    initiate(cognito, PUBLIC_FLOWS, input, requireClient(cognito, input.ClientId)),
  AdminInitiateAuth: (input: Wire<AdminInitiateAuthRequest>) =>
    initiate(cognito, ADMIN_FLOWS, input, { client: requireClientOf(cognito, input) }),
  RespondToAuthChallenge: (input: Wire<RespondToAuthChallengeRequest>) =>
    respond(cognito, input, requireClient(cognito, input.ClientId)),
  AdminRespondToAuthChallenge: (input: Wire<AdminRespondToAuthChallengeRequest>) =>
    respond(cognito, input, { client: requireClientOf(cognito, input) }),
  GetTokensFromRefreshToken: async (input: Wire<GetTokensFromRefreshTokenRequest>) => {
    const { client } = requireClient(cognito, input.ClientId);
    if (!provesClient(client, input.ClientSecret))
      throw notAuthorized(`Unable to verify secret for client ${client.id}`);
    return { AuthenticationResult: await refreshTokens(cognito, client, input.RefreshToken) };
  },
});

type Step = (cognito: Cognito, request: AuthRequest) => unknown;

interface Flow {
  /** What the client's ExplicitAuthFlows must hold. */
  readonly permission: string;
  readonly run: Step;
}

const SRP: Flow = { permission: 'ALLOW_USER_SRP_AUTH', run: initiateSrp };
const REFRESH: Flow = { permission: 'ALLOW_REFRESH_TOKEN_AUTH', run: signInByRefreshToken };
const BOTH: [string, Flow][] = [
  ['USER_SRP_AUTH', SRP],
  ['REFRESH_TOKEN_AUTH', REFRESH],
  ['REFRESH_TOKEN', REFRESH],
];
const ADMIN_PASSWORD: Flow = { permission: 'ALLOW_ADMIN_USER_PASSWORD_AUTH', run: signInByPassword };

const PUBLIC_FLOWS: ReadonlyMap<string, Flow> = new Map([
  ...BOTH,
  ['USER_PASSWORD_AUTH', { permission: 'ALLOW_USER_PASSWORD_AUTH', run: signInByPassword }],
]);
const ADMIN_FLOWS: ReadonlyMap<string, Flow> = new Map([
  ...BOTH,
  ['ADMIN_USER_PASSWORD_AUTH', ADMIN_PASSWORD],
  ['ADMIN_NO_SRP_AUTH', ADMIN_PASSWORD],
]);

/** What a client allows that names no flows. */
const DEFAULT_FLOWS = ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH'];

function initiate(
  cognito: Cognito,
  flows: ReadonlyMap<string, Flow>,
  input: Wire<InitiateAuthRequest>,
  { client }: { client: Client },
) {
  const flow = flows.get(input.AuthFlow);
  if (!flow) throw invalidParameter(`Initiate Auth method not supported: ${input.AuthFlow}`);
  const allowed: string[] = client.config.ExplicitAuthFlows ?? DEFAULT_FLOWS;
  if (!allowed.includes(flow.permission)) throw invalidParameter(`${input.AuthFlow} flow not enabled for this client`);
  // No clientMetadata: of the triggers, those before the tokens hear of it here; the token trigger does not.
  const pool = requirePool(cognito, client.userPoolId);
  return flow.run(cognito, { pool, client, parameters: input.AuthParameters ?? {} });
}

const ANSWERS: ReadonlyMap<string, Step> = new Map<string, Step>([
  ['NEW_PASSWORD_REQUIRED', answerNewPassword],
  ['PASSWORD_VERIFIER', answerPasswordVerifier],
]);

function respond(cognito: Cognito, input: Wire<RespondToAuthChallengeRequest>, { client }: { client: Client }) {
  const answer = ANSWERS.get(input.ChallengeName);
  if (!answer) throw invalidParameter(`${input.ChallengeName} is not emulated`);
  const parameters = input.ChallengeResponses ?? {};
  assertSecretHash(client, parameters.USERNAME ?? '', parameters.SECRET_HASH);
  const pool = requirePool(cognito, client.userPoolId);
  return answer(cognito, { pool, client, parameters, session: input.Session, clientMetadata: input.ClientMetadata });
}

async function signInByPassword(cognito: Cognito, request: AuthRequest) {
  const name = requireParameter(request, 'USERNAME');
  const password = requireParameter(request, 'PASSWORD');
  assertSecretHash(request.client, name, request.parameters.SECRET_HASH);
  const user = findUserToSignIn(cognito, request, name);
  if (!user) throw wrongCredentials();
  await checkPassword(cognito, user, password);
  return afterPassword(cognito, request, user);
}

async function signInByRefreshToken(cognito: Cognito, request: AuthRequest) {
  const refreshToken = requireParameter(request, 'REFRESH_TOKEN');
  const { user } = sessionToRefresh(cognito, request.client, refreshToken);
  assertSecretHash(request.client, user.username, request.parameters.SECRET_HASH);
  return {
    ChallengeParameters: {},
    AuthenticationResult: await refreshTokens(cognito, request.client, refreshToken),
  };
}

/** New access and ID tokens for a session; the refresh token stays as it is, and as long as it was to. */
export async function refreshTokens(cognito: Cognito, client: Client, refreshToken: string) {
  const { session, user } = sessionToRefresh(cognito, client, refreshToken);
  if (!user.enabled) throw userDisabled();
  const pool = requirePool(cognito, client.userPoolId);
  return issueTokens(cognito, { pool, client, user, session, triggerSource: 'TokenGeneration_RefreshTokens' });
}
