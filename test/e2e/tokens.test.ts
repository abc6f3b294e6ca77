import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { call, tokenOf, tokenOfNewUser } from '../support/api.ts';

const { local } = inject('cloud');

let token: string;
beforeAll(async () => {
  token = await tokenOf('user');
});

const decoded = (part: 0 | 1): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[part]!, 'base64url').toString());

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The demo user's claims, changed, under the pool's key id but a key of the attacker's own. */
async function forged(claims: Record<string, unknown>): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  await exportJWK(publicKey);
  return new SignJWT({ ...decoded(1), ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: decoded(0).kid as string })
    .sign(privateKey);
}

const now = Math.floor(Date.now() / 1000);

describe('a token', () => {
  it('of the demo user opens the API', async () => {
    expect((await call('/v1/history', { token })).status).toBe(200);
  });

  it('names the tenant that an administrator set', () => {
    expect(decoded(1)).toMatchObject({ tenant_id: 'demo', token_use: 'access', client_id: local.user_pool_client_id });
  });

  it.each([
    ['no token', () => undefined],
    ['nonsense', () => 'nonsense'],
    ['half of it', () => token.slice(0, token.length / 2)],
    [
      'another tenant written into it',
      () => {
        const [header, , signature] = token.split('.');
        return [header, encoded({ ...decoded(1), tenant_id: 'other' }), signature].join('.');
      },
    ],
    ['no signature', () => [encoded({ ...decoded(0), alg: 'none' }), token.split('.')[1], ''].join('.')],
    ['a key of the caller’s own', () => forged({})],
    ['an hour that is past', () => forged({ exp: now - 1 })],
    ['another pool', () => forged({ iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Another00' })],
    ['another app client', () => forged({ client_id: 'another' })],
  ])('is refused with %s', async (_, make) => {
    const { status, headers, body } = await call('/v1/history', { token: await make() });

    expect([status, body.code]).toEqual([401, 'unauthorized']);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('www-authenticate')).toContain('Bearer');
  });

  it('is refused when it is an id token', async () => {
    const { id } = await tokenOfNewUser('demo');

    expect((await call('/v1/history', { token: id })).status).toBe(401);
  });

  it('is asked for by every path under /v1', async () => {
    const paths = ['/v1/history', '/v1/models/current', '/v1/models/versions', `/v1/history/${crypto.randomUUID()}`];

    const statuses = await Promise.all(paths.map(async (path) => (await call(path)).status));

    expect(statuses).toEqual(paths.map(() => 401));
  });
});
