import { decodeJwt, errors, jwtVerify } from 'jose';
import { issuerOf } from './claims.ts';
import { requireClient } from './clients.ts';
import type { Cognito } from './context.ts';
import { notAuthorized, userNotFound } from './errors.ts';
import type { Client, User, UserPool } from './model.ts';
import { SELF_SERVICE_SCOPE } from './resource-servers.ts';
import { isRevoked } from './sessions.ts';

/** Who calls a self-service operation, by the access token that authorizes it. */
export interface Caller {
  readonly pool: UserPool;
  readonly client: Client;
  readonly user: User;
}

/** @throws {AwsError} NotAuthorizedException for a token that is forged, expired, revoked, or has not the scope */
export async function requireCaller(cognito: Cognito, accessToken: string): Promise<Caller> {
  const claims = await verify(cognito, accessToken);
  const { client_id, origin_jti, scope, sub, token_use } = claims as Record<string, string | undefined>;
  if (token_use !== 'access') throw notAuthorized('Invalid Access Token');
  if (!scope?.split(' ').includes(SELF_SERVICE_SCOPE))
    throw notAuthorized('Access Token does not have required scopes');
  const user = cognito.store.users.get(sub ?? '');
  if (!user) throw userNotFound();
  if (isRevoked(cognito, origin_jti ?? '')) throw notAuthorized('Access Token has been revoked');
  return { user, ...requireClient(cognito, client_id ?? '') };
}

async function verify({ store, keys, now }: Cognito, token: string) {
  try {
    const { iss = '' } = decodeJwt(token);
    const pool = store.pools.get(iss.slice(iss.lastIndexOf('/') + 1));
    if (!pool || issuerOf(pool.userPoolId) !== iss) throw notAuthorized('Invalid Access Token');
    const { publicJwk } = await keys.of(pool.userPoolId);
    const { payload } = await jwtVerify(token, publicJwk, { algorithms: ['RS256'], currentDate: new Date(now()) });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw notAuthorized('Access Token has expired');
    if (error instanceof errors.JOSEError) throw notAuthorized('Invalid Access Token');
    throw error;
  }
}
