import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { JwtAuthorizer } from './definition.ts';
import type { JwtContext } from './event.ts';
import type { KeySets } from './key-sets.ts';
import { RefusalError } from './refusal.ts';

/**
 * Checks the token of a request as the JWT authorizer of an HTTP API does: signature (RS256) by the key that `kid` names,
 * `iss`, `aud` (or `client_id` where there is none), `exp`, `nbf` and `iat` without leeway, and one of the route's scopes.
 * @throws {RefusalError} 401 or 403, with `www-authenticate`
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export async function authorize(
  authorizer: JwtAuthorizer,
  authorization: string | undefined,
  { keySets, nowMs }: { keySets: KeySets; nowMs: number },
): Promise<JwtContext> {
  const token = authorization?.replace(/^Bearer\s+/i, '').trim();
  if (!token) throw new RefusalError(401, { 'www-authenticate': 'Bearer' });

  const claims = await verify(token, authorizer, keySets, nowMs);
  const scopes = authorizer.scopes?.length
    ? authorizer.scopes.filter((scope) => scopesOf(claims).includes(scope))
    : null;
  if (scopes?.length === 0) throw challenge(403, authorizer, 'insufficient_scope');
  return { claims: asStrings(claims), scopes };
}

async function verify(token: string, authorizer: JwtAuthorizer, keySets: KeySets, nowMs: number): Promise<JWTPayload> {
  const { issuer } = authorizer;
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keySets.of(issuer), {
      issuer,
      algorithms: ['RS256'],
      requiredClaims: ['exp'],
      currentDate: new Date(nowMs),
    });
    if (!protectedHeader.kid) throw invalidToken(authorizer, 'the token does not name its key');
    if (!isForAudience(payload, authorizer.audience)) {
      throw invalidToken(authorizer, 'the token does not have a valid audience');
    }
    if ((payload.iat ?? 0) > nowMs / 1000) throw invalidToken(authorizer, 'the token is issued in the future');
    return payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw invalidToken(authorizer, describe(error), error);
  }
}

/** `client_id` counts only where there is no `aud`: access tokens of Cognito have none. */
function isForAudience({ aud, client_id }: JWTPayload, audience: readonly string[]): boolean {
  return [aud ?? client_id].flat().some((value) => audience.includes(String(value)));
}

function scopesOf({ scope, scp }: JWTPayload): string[] {
  return [scope ?? scp ?? ''].flat().flatMap((value) => String(value).split(' '));
}

function describe(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the token does not have a valid ${error.claim}`;
  return 'the token is invalid';
}

const invalidToken = (authorizer: JwtAuthorizer, description: string, cause?: unknown) =>
  challenge(401, authorizer, 'invalid_token', description, cause);

/** The header as AWS writes it, without commas: `Bearer scope="" error="invalid_token" error_description="…"`. */
function challenge(
  status: 401 | 403,
  { scopes = [] }: JwtAuthorizer,
  error: string,
  description = '',
  cause?: unknown,
): RefusalError {
  const facts = [`scope="${scopes.join(' ')}"`, `error="${error}"`];
  if (description) facts.push(`error_description="${description}"`);
  return new RefusalError(status, { 'www-authenticate': `Bearer ${facts.join(' ')}` }, { cause });
}

/** Every claim is a string in the event, a list as Go prints it: `[admin user]`. */
function asStrings(claims: JWTPayload): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, asString(value)]));
}

function asString(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asString).join(' ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
