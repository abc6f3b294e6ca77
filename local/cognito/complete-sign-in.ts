import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-json.ts';
import { openChallenge } from './challenges.ts';
import { preventsUserExistenceErrors } from './clients.ts';
import type { Cognito } from './context.ts';
import { invalidParameter, notAuthorized, userDisabled, userNotFound } from './errors.ts';
import type { Client, User, UserPool } from './model.ts';
import { missingAttributes } from './schema.ts';
import { openSession } from './sessions.ts';
import { issueTokens, type SignedIn } from './tokens.ts';
import { findUser } from './users.ts';

/** One step of a sign-in: what InitiateAuth or RespondToAuthChallenge was called with. */
export interface AuthRequest {
  readonly pool: UserPool;
  readonly client: Client;
  readonly parameters: Readonly<Record<string, string>>;
  readonly session?: string | undefined;
  readonly clientMetadata?: Record<string, string> | undefined;
}

export function requireParameter({ parameters }: AuthRequest, name: string): string {
  const value = parameters[name];
  if (typeof value !== 'string') throw invalidParameter(`Missing required parameter ${name}`);
  return value;
}

/** The user who wants to sign in, or undefined where the client must not learn that there is none. */
export function findUserToSignIn(cognito: Cognito, { pool, client }: AuthRequest, name: string): User | undefined {
  const user = findUser(cognito, pool, name);
  if (!user && !preventsUserExistenceErrors(client)) throw userNotFound();
  return user;
}

/** Goes on after the right password, which alone is not enough. */
export async function afterPassword(cognito: Cognito, request: AuthRequest, user: User) {
  if (!user.enabled) throw userDisabled();
  if (user.status === 'UNCONFIRMED') throw new AwsError('UserNotConfirmedException', 'User is not confirmed.');
  if (user.status !== 'FORCE_CHANGE_PASSWORD')
    return completeSignIn(cognito, { ...request, user, triggerSource: 'TokenGeneration_Authentication' });
  if (cognito.now() >= (user.temporaryPasswordExpiresAt ?? Infinity))
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.');
  return askForNewPassword(cognito, request, user);
}

function askForNewPassword(cognito: Cognito, { pool, client }: AuthRequest, user: User) {
  const { id } = openChallenge(cognito, client, { name: 'NEW_PASSWORD_REQUIRED', sub: user.sub });
  const required = missingAttributes(pool, user.attributes).map((name) => `userAttributes.${name}`);
  const ChallengeParameters = {
    USER_ID_FOR_SRP: user.username,
    requiredAttributes: JSON.stringify(required),
    userAttributes: JSON.stringify(user.attributes),
  };
  return { ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: id, ChallengeParameters };
}

/** Issues the tokens, and only then records the session: a trigger that fails leaves nothing behind. */
export async function completeSignIn(cognito: Cognito, signedIn: Omit<SignedIn, 'session'>) {
  const session = { originJti: randomUUID(), authTime: cognito.now() };
  const tokens = await issueTokens(cognito, { ...signedIn, session });
  const RefreshToken = openSession(cognito, signedIn.client, signedIn.user, session);
  return { ChallengeParameters: {}, AuthenticationResult: { ...tokens, RefreshToken } };
}
