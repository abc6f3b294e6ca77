import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HttpApiEvent, startHttpApi } from '../../../local/http-api/index.ts';
import type { Service } from '../../../local/service.ts';

const ISSUER = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Local0001';
const NOW_SECONDS = 1_795_000_000;

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

let keys: KeyPair;
let otherKeys: KeyPair;
let published: JWK[];
let fetches: string[];
let gateway: Service;
let events: HttpApiEvent[];

beforeAll(async () => {
  [keys, otherKeys] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
});

beforeAll(async () => {
  const authorizer = { issuer: ISSUER, audience: ['web', 'cli'] };
  fetches = [];
  gateway = await startHttpApi({
    api: {
      routes: [
        { routeKey: 'GET /open', functionArn: 'arn' },
        { routeKey: 'GET /models', functionArn: 'arn', authorizer },
        {
          routeKey: 'POST /predict',
          functionArn: 'arn',
          authorizer: { ...authorizer, scopes: ['kilat/predict', 'kilat/admin'] },
        },
      ],
    },
    invoke: async (_arn, event) => {
      events.push(event);
      return { statusCode: 200, executedVersion: '$LATEST', requestId: '', payload: '{"statusCode":200}' };
    },
    jwks: async (issuer) => {
      fetches.push(issuer);
      return { keys: published };
    },
    onRequest: () => {},
    now: () => NOW_SECONDS * 1000,
  });
});
beforeEach(async () => {
  events = [];
  published = [{ ...(await exportJWK(keys.publicKey)), kid: 'key-1', alg: 'RS256' }];
});
afterAll(() => gateway.close());

const claims = (over: Record<string, unknown> = {}): JWTPayload => ({
  iss: ISSUER,
  sub: 'user-1',
  client_id: 'web',
  iat: NOW_SECONDS - 60,
  exp: NOW_SECONDS + 3600,
  ...over,
});
const sign = (payload: JWTPayload, { key = keys.privateKey, kid = 'key-1' as string | null } = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'RS256', ...(kid ? { kid } : {}) }).sign(key);

const call = (path: string, authorization?: string, method = 'GET') =>
  fetch(gateway.url + path, { method, headers: authorization === undefined ? {} : { authorization } });

describe('a route with a JWT authorizer', () => {
  it('lets a valid token through, with every claim as a string', async () => {
    const token = await sign(
      claims({ 'cognito:groups': ['admin', 'user'], scope: 'kilat/read', email_verified: true }),
    );

    const response = await call('/models', `Bearer ${token}`);

    expect(response.status).toBe(200);
    expect(events[0]?.requestContext.authorizer).toEqual({
      jwt: {
        claims: {
          iss: ISSUER,
          sub: 'user-1',
          client_id: 'web',
          iat: '1794999940',
          exp: '1795003600',
          'cognito:groups': '[admin user]',
          scope: 'kilat/read',
          email_verified: 'true',
        },
        scopes: null,
      },
    });
  });

  it('takes the token without the word Bearer, too', async () => {
    expect((await call('/models', await sign(claims()))).status).toBe(200);
  });

  it('asks for a token where there is none', async () => {
    const response = await call('/models');

    expect([response.status, await response.json()]).toEqual([401, { message: 'Unauthorized' }]);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('says of a wrong audience what AWS says', async () => {
    const response = await call('/models', await sign(claims({ aud: 'another' })));

    expect([response.status, await response.json()]).toEqual([401, { message: 'Unauthorized' }]);
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience"',
    );
  });

  it.each<[string, Record<string, unknown>]>([
    ['in time', { exp: NOW_SECONDS + 1 }],
    ['for one of several audiences', { aud: ['another', 'cli'] }],
    ['that holds from now on', { nbf: NOW_SECONDS }],
    ['issued just now', { iat: NOW_SECONDS }],
  ])('accepts a token %s', async (_title, over) => {
    expect((await call('/models', await sign(claims(over)))).status).toBe(200);
  });

  it.each<[string, Record<string, unknown>]>([
    ['that has expired this second', { exp: NOW_SECONDS }],
    ['that does not expire', { exp: undefined }],
    ['that does not hold yet', { nbf: NOW_SECONDS + 1 }],
    ['issued in the future', { iat: NOW_SECONDS + 1 }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['of another client', { client_id: 'another' }],
    ['whose audience is wrong though its client is right', { aud: 'another', client_id: 'web' }],
    ['for no audience', { client_id: undefined }],
  ])('refuses a token %s', async (_title, over) => {
    const response = await call('/models', await sign(claims(over)));

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/error="invalid_token"/);
    expect(events).toEqual([]);
  });

  it.each<[string, () => Promise<string> | string]>([
    ['signed by another key', () => sign(claims(), { key: otherKeys.privateKey })],
    ['that names no key', () => sign(claims(), { kid: null })],
    ['that names an unknown key', () => sign(claims(), { kid: 'key-9' })],
    ['that is no JWT', () => 'nonsense'],
    ['without a signature', async () => `${(await sign(claims())).split('.').slice(0, 2).join('.')}.`],
    [
      'signed with the public key as a secret',
      async () =>
        new SignJWT(claims())
          .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
          .sign(Buffer.from(String((await exportJWK(keys.publicKey)).n))),
    ],
    [
      'with alg none',
      () =>
        [{ alg: 'none' }, claims()].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') +
        '.',
    ],
  ])('refuses a token %s', async (_title, token) => {
    const response = await call('/models', `Bearer ${await token()}`);

    expect(response.status).toBe(401);
    expect(events).toEqual([]);
  });

  it('leaves other routes open', async () => {
    expect((await call('/open')).status).toBe(200);
  });
});

describe('scopes', () => {
  it.each(['kilat/predict', 'kilat/read kilat/admin'])('one of the route is enough: %s', async (scope) => {
    const response = await call('/predict', await sign(claims({ scope })), 'POST');

    expect(response.status).toBe(200);
    expect(events[0]?.requestContext.authorizer).toMatchObject({ jwt: { scopes: [scope.split(' ').at(-1)] } });
  });

  it.each([undefined, 'kilat/read', 'kilat/predictor'])('none of them is 403: %s', async (scope) => {
    const response = await call('/predict', await sign(claims({ scope })), 'POST');

    expect([response.status, await response.json()]).toEqual([403, { message: 'Forbidden' }]);
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer scope="kilat/predict kilat/admin" error="insufficient_scope"',
    );
  });
});

describe('the keys of an issuer', () => {
  it('are fetched once, and again when a token names a new one', async () => {
    await call('/models', await sign(claims()));
    fetches.length = 0;
    await call('/models', await sign(claims()));
    const rotated = { ...(await exportJWK(otherKeys.publicKey)), kid: 'key-2', alg: 'RS256' };
    published = [...published, rotated];

    const response = await call('/models', await sign(claims(), { key: otherKeys.privateKey, kid: 'key-2' }));

    expect(response.status).toBe(200);
    expect(fetches).toEqual([ISSUER]);
  });
});
