import type { JWK } from 'jose';
import { issuerOf } from './claims.ts';
import type { Cognito } from './context.ts';

/** @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html */
export async function jwks({ keys }: Cognito, userPoolId: string): Promise<{ keys: JWK[] }> {
  const { publicJwk } = await keys.of(userPoolId);
  return { keys: [publicJwk] };
}

/** OpenID Connect Discovery. The issuer is AWS's, the endpoints are here. */
export const openidConfiguration = (userPoolId: string, url: string) => ({
  issuer: issuerOf(userPoolId),
  jwks_uri: `${url}/${userPoolId}/.well-known/jwks.json`,
  token_endpoint: `${url}/oauth2/token`,
  id_token_signing_alg_values_supported: ['RS256'],
  response_types_supported: ['code', 'token'],
  scopes_supported: ['openid', 'email', 'phone', 'profile'],
  subject_types_supported: ['public'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
});
