import type { IncomingMessage } from 'node:http';
import { AwsError } from '../aws-json.ts';
import { provesClient } from './clients.ts';
import type { Cognito } from './context.ts';
import type { Client } from './model.ts';
import { requirePool } from './pools.ts';
import { isCustomScope } from './resource-servers.ts';
import { refreshTokens } from './sign-in.ts';
import { issueMachineToken } from './tokens.ts';
import { tokenValidity } from './validity.ts';

/** A refusal of the token endpoint (RFC 6749, 5.2). */
export class OAuthError extends Error {
  readonly code: 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'unauthorized_client' | GrantError;

  constructor(code: OAuthError['code'], description?: string) {
    super(description);
    this.name = 'OAuthError';
    this.code = code;
  }
}

type GrantError = 'unsupported_grant_type' | 'invalid_scope';

/**
 * `POST /oauth2/token`, for the grants that need no browser.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
 * @throws {OAuthError}
 */
export async function grantToken(cognito: Cognito, headers: IncomingMessage['headers'], body: string) {
  const form = new URLSearchParams(body);
  const client = authenticateClient(cognito, headers.authorization, form);
  const grant = form.get('grant_type');
  if (grant === 'client_credentials') return grantToMachine(cognito, client, form);
  if (grant === 'refresh_token') return grantRefresh(cognito, client, form);
  throw new OAuthError('unsupported_grant_type');
}

/** By HTTP basic authentication or in the form, not in both (RFC 6749, 2.3). */
function authenticateClient({ store }: Cognito, authorization: string | undefined, form: URLSearchParams): Client {
  const basic = authorization?.match(/^Basic ([\w+/=]+)$/i)?.[1];
  const [id, secret] = basic
    ? Buffer.from(basic, 'base64').toString().split(/:(.*)/s).map(decode)
    : [form.get('client_id') ?? undefined, form.get('client_secret') ?? undefined];
  const client = id === undefined ? undefined : store.clients.get(id);
  if (!client || !provesClient(client, secret)) throw new OAuthError('invalid_client');
  return client;
}

/** Both halves of the pair are form-encoded before they are joined (RFC 6749, 2.3.1). */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new OAuthError('invalid_client');
  }
}

async function grantToMachine(cognito: Cognito, client: Client, form: URLSearchParams) {
  const { AllowedOAuthFlows, AllowedOAuthFlowsUserPoolClient } = client.config;
  if (!client.secret || !AllowedOAuthFlowsUserPoolClient || !AllowedOAuthFlows?.includes('client_credentials'))
    throw new OAuthError('unauthorized_client');
  const pool = requirePool(cognito, client.userPoolId);
  const scopes = grantedScopes(client, form.get('scope'));
  const clientMetadata = metadataIn(form);
  const access_token = await issueMachineToken(cognito, { pool, client, scopes, clientMetadata });
  return { access_token, expires_in: tokenValidity(client.config).accessSeconds, token_type: 'Bearer' };
}

/** Without a request for scopes, all custom ones that the client may have. */
function grantedScopes({ config }: Client, requested: string | null): string[] {
  const allowed = (config.AllowedOAuthScopes ?? []).filter(isCustomScope);
  const scopes = requested?.split(' ').filter(Boolean) ?? [];
  if (scopes.some((scope) => !allowed.includes(scope)) || allowed.length === 0) throw new OAuthError('invalid_scope');
  return scopes.length > 0 ? scopes : allowed;
}

function metadataIn(form: URLSearchParams): Record<string, string> | undefined {
  const text = form.get('aws_client_metadata');
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch {
    throw new OAuthError('invalid_request', 'aws_client_metadata is not JSON');
  }
}

async function grantRefresh(cognito: Cognito, client: Client, form: URLSearchParams) {
  try {
    const tokens = await refreshTokens(cognito, client, form.get('refresh_token') ?? '');
    const { AccessToken, IdToken, ExpiresIn, TokenType } = tokens;
    return { id_token: IdToken, access_token: AccessToken, expires_in: ExpiresIn, token_type: TokenType };
  } catch (error) {
    if (error instanceof AwsError) throw new OAuthError('invalid_grant', error.message);
    throw error;
  }
}
