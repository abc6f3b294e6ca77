import { ForbiddenError, identityFrom, tenantOf, UnauthorizedError, visibleTo } from '@kilat/core';
import { describe, expect, it } from 'vitest';
import { demoClaims } from '../support/http-event.ts';

describe('who a token speaks for', () => {
  it('is the subject, in the tenant that the token names', () => {
    expect(identityFrom(demoClaims)).toEqual({ tenantId: 'demo', userId: demoClaims.sub, isAdmin: false });
  });

  it.each(['[admin]', '[user admin]', 'admin', 'user,admin'])('is an admin with the groups %s', (groups) => {
    expect(identityFrom({ ...demoClaims, 'cognito:groups': groups }).isAdmin).toBe(true);
  });

  it.each(['[administrators]', '[user]', '', '[not-admin]'])('is no admin with the groups %j', (groups) => {
    expect(identityFrom({ ...demoClaims, 'cognito:groups': groups }).isAdmin).toBe(false);
  });

  it('is nobody with an id token', () => {
    expect(() => identityFrom({ ...demoClaims, token_use: 'id' })).toThrow(UnauthorizedError);
  });

  it.each([undefined, '', 'a#b', 'a/b', '../x', '-a', 'a'.repeat(65)])('is refused with the tenant %j', (tenantId) => {
    expect(() => identityFrom({ ...demoClaims, tenant_id: tenantId })).toThrow(ForbiddenError);
  });
});

describe('the tenant of a user', () => {
  it('is the one that an administrator set', () => {
    expect(tenantOf({ sub: 'u1', 'custom:tenant_id': 'demo' }, 'custom:tenant_id')).toBe('demo');
  });

  it('is the user alone where none was set', () => {
    expect(tenantOf({ sub: 'u1' }, 'custom:tenant_id')).toBe('u1');
  });
});

describe('what is visible', () => {
  it('to a user is their own', () => {
    expect(visibleTo({ tenantId: 'demo', userId: 'u1', isAdmin: false })).toEqual({ tenantId: 'demo', userId: 'u1' });
  });

  it('to an admin is the tenant’s', () => {
    expect(visibleTo({ tenantId: 'demo', userId: 'u1', isAdmin: true })).toEqual({ tenantId: 'demo' });
  });
});
