import {
  AdminAddUserToGroupCommand,
  AdminRemoveUserFromGroupCommand,
  CreateGroupCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import {
  CognitoJwtInvalidClientIdError,
  CognitoJwtInvalidTokenUseError,
  JwtExpiredError,
  JwtInvalidSignatureError,
  ParameterValidationError,
} from 'aws-jwt-verify/error';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import { aClient, aUser, aUserPool, type Cognito, cognitoUnderTest, signIn } from './pool-fixtures.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let cognito: Cognito;
let UserPoolId: string;
let ClientId: string;

beforeAll(async () => {
  cognito = await cognitoUnderTest();
  UserPoolId = await aUserPool(cognito);
  ClientId = (await aClient(cognito, UserPoolId)).id;
});
afterAll(() => cognito.close());

const keysOf = async (pool: string) => {
  const response = await fetch(`${cognito.url}/${pool}/.well-known/jwks.json`);
  return (await response.json()) as JSONWebKeySet;
};
const issuerOf = (pool: string) => `https://cognito-idp.us-east-1.amazonaws.com/${pool}`;

describe('tokens', () => {
  it('are signed with the key that the JWKS shows under their kid', async () => {
    const { accessToken, result } = await signIn(
      cognito,
      ClientId,
      await aUser(cognito, UserPoolId, 'ann@example.com'),
    );
    const keys = await keysOf(UserPoolId);

    const verify = (token: string) =>
      jwtVerify(token, createLocalJWKSet(keys), { issuer: issuerOf(UserPoolId), algorithms: ['RS256'] });

    expect(keys.keys[0]).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig', kid: expect.any(String) });
    expect(keys.keys[0]).not.toHaveProperty('d');
    expect(Object.keys(decodeProtectedHeader(accessToken)).toSorted()).toEqual(['alg', 'kid']);
    await expect(verify(accessToken)).resolves.toBeDefined();
    await expect(verify(result.IdToken!)).resolves.toBeDefined();
  });

  it('for access say who, through which client, and for what', async () => {
    const { access } = await signIn(cognito, ClientId, await aUser(cognito, UserPoolId, 'access@example.com'));

    expect(access).toEqual({
      sub: expect.stringMatching(UUID),
      iss: issuerOf(UserPoolId),
      client_id: ClientId,
      origin_jti: expect.stringMatching(UUID),
      event_id: expect.stringMatching(UUID),
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: expect.any(Number),
      exp: access.iat! + 3600,
      iat: expect.any(Number),
      jti: expect.stringMatching(UUID),
      username: access.sub,
    });
  });

  it('for identity tell the attributes, flags as booleans', async () => {
    const user = await aUser(cognito, UserPoolId, 'id@example.com', [
      { Name: 'email_verified', Value: 'true' },
      { Name: 'custom:tenant', Value: 'acme' },
      { Name: 'name', Value: 'Ida' },
    ]);

    const { id, access } = await signIn(cognito, ClientId, user);

    expect(id).toMatchObject({
      sub: access.sub,
      aud: ClientId,
      token_use: 'id',
      'cognito:username': access.username,
      email: 'id@example.com',
      email_verified: true,
      'custom:tenant': 'acme',
      name: 'Ida',
      origin_jti: access.origin_jti,
      event_id: access.event_id,
      auth_time: access.auth_time,
    });
    expect(id.jti).not.toBe(access.jti);
    expect(access).not.toHaveProperty('custom:tenant');
  });

  it('list groups by precedence, and the role of the first', async () => {
    const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`;
    const group = (GroupName: string, Precedence: number) =>
      cognito.api.send(new CreateGroupCommand({ UserPoolId, GroupName, Precedence, RoleArn: role(GroupName) }));
    await group('user', 10);
    await group('admin', 1);
    const Username = await aUser(cognito, UserPoolId, 'grouped@example.com');
    for (const GroupName of ['user', 'admin'])
      await cognito.api.send(new AdminAddUserToGroupCommand({ UserPoolId, GroupName, Username }));

    const { access, id } = await signIn(cognito, ClientId, Username);

    expect(access['cognito:groups']).toEqual(['admin', 'user']);
    expect(id['cognito:groups']).toEqual(['admin', 'user']);
    expect(id['cognito:preferred_role']).toBe(role('admin'));
    expect(id['cognito:roles']).toEqual([role('admin'), role('user')]);
  });

  it('that are refreshed show the groups of now', async () => {
    await cognito.api.send(new CreateGroupCommand({ UserPoolId, GroupName: 'temporary' }));
    const membership = {
      UserPoolId,
      GroupName: 'temporary',
      Username: await aUser(cognito, UserPoolId, 'was@example.com'),
    };
    await cognito.api.send(new AdminAddUserToGroupCommand(membership));
    const { access, refreshToken: REFRESH_TOKEN } = await signIn(cognito, ClientId, membership.Username);

    await cognito.api.send(new AdminRemoveUserFromGroupCommand(membership));
    const { AuthenticationResult } = await cognito.api.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN } }),
    );

    expect(access['cognito:groups']).toEqual(['temporary']);
    expect(decodeJwt(AuthenticationResult!.AccessToken!)).not.toHaveProperty('cognito:groups');
  });

  it('live as long as the client says', async () => {
    const client = await aClient(cognito, UserPoolId, {
      AccessTokenValidity: 10,
      IdTokenValidity: 2,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'hours' },
    });

    const { access, id, result } = await signIn(
      cognito,
      client.id,
      await aUser(cognito, UserPoolId, 'brief@example.com'),
    );

    expect(access.exp! - access.iat!).toBe(600);
    expect(id.exp! - id.iat!).toBe(7200);
    expect(result.ExpiresIn).toBe(600);
  });
});

describe('the OpenID configuration', () => {
  it('names the issuer of the tokens and the keys', async () => {
    const response = await fetch(`${cognito.url}/${UserPoolId}/.well-known/openid-configuration`);

    expect(await response.json()).toMatchObject({
      issuer: issuerOf(UserPoolId),
      jwks_uri: expect.stringContaining(`/${UserPoolId}/.well-known/jwks.json`),
    });
  });

  it.skipIf(isRemote)('and the keys may be read by a page of any origin', async () => {
    const response = await fetch(`${cognito.url}/${UserPoolId}/.well-known/jwks.json`);

    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await cognito.local!.jwks(UserPoolId)).toEqual(await response.json());
  });
});

describe('an unmodified CognitoJwtVerifier', () => {
  type CachedKeys = Parameters<ReturnType<typeof CognitoJwtVerifier.create>['cacheJwks']>[0];

  /** Knows the keys of these pools, so that it has nothing to fetch. */
  const verifierOf = async (...pools: string[]) => {
    const verifier = CognitoJwtVerifier.create({ userPoolId: UserPoolId, clientId: ClientId, tokenUse: 'access' });
    const keys = (await Promise.all(pools.map(keysOf))).flatMap((jwks) => jwks.keys);
    verifier.cacheJwks({ keys } as CachedKeys);
    return verifier;
  };

  it('accepts our access token', async () => {
    const user = await aUser(cognito, UserPoolId, 'verified@example.com');
    const { accessToken, access } = await signIn(cognito, ClientId, user);

    const payload = await (await verifierOf(UserPoolId)).verify(accessToken);

    expect(payload.sub).toBe(access.sub);
  });

  it('refuses one that was tampered with', async () => {
    const user = await aUser(cognito, UserPoolId, 'tamper@example.com');
    const { accessToken, access } = await signIn(cognito, ClientId, user);
    const [header, , signature] = accessToken.split('.');
    const payload = Buffer.from(JSON.stringify({ ...access, username: 'admin' })).toString('base64url');

    const verified = (await verifierOf(UserPoolId)).verify(`${header}.${payload}.${signature}`);

    await expect(verified).rejects.toBeInstanceOf(JwtInvalidSignatureError);
  });

  it('refuses an ID token, and the token of another client', async () => {
    const user = await aUser(cognito, UserPoolId, 'kinds@example.com');
    const other = await aClient(cognito, UserPoolId);
    const verifier = await verifierOf(UserPoolId);

    const { result } = await signIn(cognito, ClientId, user);
    const { accessToken } = await signIn(cognito, other.id, user);

    await expect(verifier.verify(result.IdToken!)).rejects.toBeInstanceOf(CognitoJwtInvalidTokenUseError);
    await expect(verifier.verify(accessToken)).rejects.toBeInstanceOf(CognitoJwtInvalidClientIdError);
  });

  it.skipIf(isRemote)('refuses one that has expired', async () => {
    const user = await aUser(cognito, UserPoolId, 'expired@example.com');
    const now = cognito.clock.ms;
    cognito.clock.ms = now - 2 * 3_600_000;

    const { accessToken } = await signIn(cognito, ClientId, user);

    cognito.clock.ms = now;
    await expect((await verifierOf(UserPoolId)).verify(accessToken)).rejects.toBeInstanceOf(JwtExpiredError);
  });

  it('refuses that of another pool', async () => {
    const otherPool = await aUserPool(cognito);
    const client = await aClient(cognito, otherPool);

    const { accessToken } = await signIn(cognito, client.id, await aUser(cognito, otherPool, 'other@example.com'));

    const verifier = await verifierOf(UserPoolId, otherPool);
    await expect(verifier.verify(accessToken)).rejects.toBeInstanceOf(ParameterValidationError);
  });
});
