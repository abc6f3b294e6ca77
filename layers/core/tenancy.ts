import { claims, groups, type Identity, TENANT_ID_PATTERN } from '@kilat/contracts';
import { ForbiddenError, UnauthorizedError } from './errors.ts';

/**
 * Who the verified claims of an access token speak for. The tenant comes from here and from nowhere else.
 * @throws {UnauthorizedError} when the token is no access token
 * @throws {ForbiddenError} when its user belongs to no tenant
 */
export function identityFrom(tokenClaims: Readonly<Record<string, unknown>>): Identity {
  if (tokenClaims[claims.tokenUse] !== 'access') throw new UnauthorizedError('the token is not an access token');
  const tenantId = tokenClaims[claims.tenantId];
  const userId = tokenClaims[claims.userId];
  if (typeof userId !== 'string' || typeof tenantId !== 'string' || !TENANT_ID_PATTERN.test(tenantId)) {
    throw new ForbiddenError('the token names no tenant');
  }
  return { tenantId, userId, isAdmin: groupsOf(tokenClaims[claims.groups]).includes(groups.admin) };
}

/** @throws {ForbiddenError} */
export function assertAdmin({ isAdmin }: Identity): void {
  if (!isAdmin) throw new ForbiddenError(`only a member of the group '${groups.admin}' may do this`);
}

/** API Gateway writes a list as `[a b]`. */
const groupsOf = (value: unknown): string[] =>
  typeof value === 'string' ? value.replace(/^\[|\]$/g, '').split(/[\s,]+/) : [];

/**
 * The tenant that a user's access token names: the one an administrator set, or the user as a tenant of their own.
 * @param attributes the user's attributes in the pool
 */
export const tenantOf = (attributes: Readonly<Record<string, string>>, tenantAttribute: string): string =>
  attributes[tenantAttribute] ?? attributes.sub ?? '';
