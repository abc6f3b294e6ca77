import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoIdentityProviderClient, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CognitoService, startCognito } from '../../../local/cognito/index.ts';
import { clientConfig, isRemote } from '../../support/endpoint.ts';
import { aUser, PASSWORD, signIn } from './pool-fixtures.ts';

const UserPoolId = 'us-east-1_KilatDemo';
const ClientId = 'kilatdemoclient';

describe.skipIf(isRemote)('Cognito over kept data', () => {
  let dir: string;
  let service: CognitoService;
  let api: CognitoIdentityProviderClient;

  const boot = async () => {
    service = await startCognito({ dir });
    api = new CognitoIdentityProviderClient(clientConfig(service.url));
    const pool = service.ensureUserPool({ id: UserPoolId, PoolName: 'demo', UsernameAttributes: ['email'] });
    const client = service.ensureUserPoolClient({
      id: ClientId,
      UserPoolId,
      ClientName: 'web',
      GenerateSecret: false,
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    });
    const machine = service.ensureUserPoolClient({ id: 'machine', UserPoolId, ClientName: 'm', GenerateSecret: true });
    service.ensureGroup({ UserPoolId, GroupName: 'admin' });
    service.ensureResourceServer({ UserPoolId, Identifier: 'kilat', Name: 'Kilat' });
    return { pool, client, machine };
  };
  const restart = async () => {
    api.destroy();
    await service.close();
    return boot();
  };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kilat-cognito-'));
  });
  afterEach(async () => {
    api.destroy();
    await service.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('keeps the ids of the template, the secrets and the times', async () => {
    const before = await boot();
    const after = await restart();

    expect(after.pool).toMatchObject({ Id: UserPoolId, CreationDate: before.pool.CreationDate });
    expect(after.client).toMatchObject({ ClientId });
    expect(before.machine.ClientSecret).toBeDefined();
    expect(after.machine.ClientSecret).toBe(before.machine.ClientSecret);
  });

  it('keeps users, their sessions and the key that signed their tokens', async () => {
    await boot();
    const user = await aUser({ api }, UserPoolId, 'ann@example.com');
    const { accessToken, access, refreshToken: REFRESH_TOKEN } = await signIn({ api }, ClientId, user);

    await restart();

    const keys = createLocalJWKSet((await service.jwks(UserPoolId)) as JSONWebKeySet);
    await expect(jwtVerify(accessToken, keys)).resolves.toBeDefined();
    const { AuthenticationResult } = await api.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN } }),
    );
    expect(AuthenticationResult!.AccessToken).toBeDefined();
    expect((await signIn({ api }, ClientId, user)).access.sub).toBe(access.sub);
  });

  it('takes over what the template adds', async () => {
    await boot();

    const updated = service.ensureUserPool({
      id: UserPoolId,
      PoolName: 'demo',
      UsernameAttributes: ['email'],
      Schema: [{ Name: 'tenant', AttributeDataType: 'String', Mutable: false }],
    });

    expect(updated.SchemaAttributes.map(({ Name }) => Name)).toContain('custom:tenant');
  });

  it('refuses what would need another pool on AWS', async () => {
    await boot();

    const byName = () => service.ensureUserPool({ id: UserPoolId, PoolName: 'demo' });

    expect(byName).toThrow(`how users sign in of user pool ${UserPoolId} cannot be changed`);
  });

  it('holds neither passwords nor refresh tokens in the clear, and keys that only their owner reads', async () => {
    await boot();
    const { refreshToken } = await signIn({ api }, ClientId, await aUser({ api }, UserPoolId, 'ann@example.com'));
    await service.close();

    const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map(({ parentPath, name }) => join(parentPath, name));

    const everything = Buffer.concat(paths.map((path) => readFileSync(path))).toString('latin1');
    expect(everything).not.toContain(PASSWORD);
    expect(everything).not.toContain(refreshToken);
    const key = paths.find((path) => path.endsWith('.jwk.json'))!;
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  });
});
