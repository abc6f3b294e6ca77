import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { accessClaims, type Claims, idClaims, machineClaims, NO_ROLES, rolesOf } from './claims.ts';
import { readableAttributes } from './clients.ts';
import type { Cognito } from './context.ts';
import { groupsOf } from './groups.ts';
import type { Client, Session, User, UserPool } from './model.ts';
import { SELF_SERVICE_SCOPE } from './resource-servers.ts';
import { attributesOf } from './schema.ts';
import {
  overrideClaims,
  overrideRoles,
  overrideScopes,
  preTokenGeneration,
  type TokenRequest,
  type TriggerSource,
} from './trigger.ts';
import { tokenValidity } from './validity.ts';

export interface SignedIn {
  readonly pool: UserPool;
  readonly client: Client;
  readonly user: User;
  readonly session: Pick<Session, 'originJti' | 'authTime'>;
  readonly triggerSource: TriggerSource;
  readonly clientMetadata?: Record<string, string> | undefined;
}

/** A user's tokens, from groups, attributes and trigger as they are now: a refresh sees what has changed. */
export async function issueTokens(cognito: Cognito, signedIn: SignedIn) {
  const { pool, client, user, session } = signedIn;
  const request = tokenRequest(cognito, signedIn);
  const overrides = await preTokenGeneration(cognito, request);
  const roles = overrideRoles(request.roles, overrides);
  const facts = { client, user, ...session, eventId: randomUUID(), now: cognito.now(), roles };
  const access = accessClaims(facts, overrideScopes(request.scopes, overrides));
  const id = idClaims(facts, readableAttributes(client, user.attributes));
  const [AccessToken, IdToken] = await Promise.all([
    sign(cognito, pool, overrideClaims(access, overrides.accessTokenGeneration)),
    sign(cognito, pool, overrideClaims(id, overrides.idTokenGeneration)),
  ]);
  const ExpiresIn = tokenValidity(client.config).accessSeconds;
  return { AccessToken, IdToken, ExpiresIn, TokenType: 'Bearer' };
}

function tokenRequest(cognito: Cognito, { user, ...signedIn }: SignedIn): TokenRequest {
  return {
    ...signedIn,
    userName: user.username,
    userAttributes: { ...attributesOf(user), 'cognito:user_status': user.status },
    roles: rolesOf(groupsOf(cognito, user)),
    scopes: [SELF_SERVICE_SCOPE],
  };
}

export interface MachineGrant {
  readonly pool: UserPool;
  readonly client: Client;
  readonly scopes: readonly string[];
  readonly clientMetadata?: Record<string, string> | undefined;
}

/** The access token of the client-credentials grant. */
export async function issueMachineToken(cognito: Cognito, grant: MachineGrant): Promise<string> {
  const overrides = await preTokenGeneration(cognito, {
    ...grant,
    triggerSource: 'TokenGeneration_ClientCredentials',
    userName: 'ClientCredentials',
    userAttributes: {},
    roles: NO_ROLES,
  });
  const claims = machineClaims(grant.client, overrideScopes(grant.scopes, overrides), cognito.now());
  return sign(cognito, grant.pool, overrideClaims(claims, overrides.accessTokenGeneration));
}

async function sign({ keys }: Cognito, { userPoolId }: UserPool, claims: Claims): Promise<string> {
  const { kid, privateKey } = await keys.of(userPoolId);
  return new SignJWT(claims).setProtectedHeader({ kid, alg: 'RS256' }).sign(privateKey);
}
