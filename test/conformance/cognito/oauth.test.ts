import { CreateResourceServerCommand } from '@aws-sdk/client-cognito-identity-provider';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import { aClient, aUser, aUserPool, type Cognito, cognitoUnderTest, signIn } from './pool-fixtures.ts';

/** Neither moto nor the API endpoint of AWS serves it: there it lives on a domain of its own. */
describe.skipIf(isRemote)('POST /oauth2/token', () => {
  let cognito: Cognito;
  let UserPoolId: string;
  let machine: { id: string; secret: string | undefined };
  let event: Record<string, unknown> | undefined;
  let details: Record<string, unknown> | undefined;

  beforeAll(async () => {
    cognito = await cognitoUnderTest({
      invokeLambda: async (_, received) => {
        event = received as Record<string, unknown>;
        return { response: { claimsAndScopeOverrideDetails: details } };
      },
    });
    UserPoolId = await aUserPool(cognito);
    machine = await aMachine(UserPoolId);
  });
  afterAll(() => cognito.close());
  beforeEach(() => {
    event = undefined;
    details = undefined;
  });

  async function aMachine(pool: string, AllowedOAuthScopes = ['kilat/predict', 'kilat/read']) {
    const Scopes = ['predict', 'read', 'admin'].map((name) => ({ ScopeName: name, ScopeDescription: name }));
    await cognito.api.send(
      new CreateResourceServerCommand({ UserPoolId: pool, Identifier: 'kilat', Name: 'Kilat', Scopes }),
    );
    return aClient(cognito, pool, {
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes,
    });
  }

  const post = async (form: Record<string, string>, headers: Record<string, string> = {}) => {
    const body = new URLSearchParams(form);
    const response = await fetch(`${cognito.url}/oauth2/token`, { method: 'POST', body, headers });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  const basic = ({ id, secret }: typeof machine) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
  });
  const CREDENTIALS = { grant_type: 'client_credentials' };

  it('grants a machine the scopes it asks for', async () => {
    const { status, body } = await post({ ...CREDENTIALS, scope: 'kilat/predict' }, basic(machine));

    const keys = (await cognito.local!.jwks(UserPoolId)) as JSONWebKeySet;
    const { payload } = await jwtVerify(body.access_token!, createLocalJWKSet(keys));
    expect({ status, ...body }).toMatchObject({ status: 200, expires_in: 3600, token_type: 'Bearer' });
    expect(payload).toMatchObject({
      iss: `https://cognito-idp.us-east-1.amazonaws.com/${UserPoolId}`,
      sub: machine.id,
      client_id: machine.id,
      token_use: 'access',
      scope: 'kilat/predict',
      version: 2,
    });
    expect(payload).not.toHaveProperty('username');
  });

  it('takes the secret from the form as well, and grants every allowed scope by default', async () => {
    const { body } = await post({ ...CREDENTIALS, client_id: machine.id, client_secret: machine.secret! });

    expect(decodeJwt(body.access_token!).scope).toBe('kilat/predict kilat/read');
  });

  it('refuses a scope that the client may not have', async () => {
    const refused = { status: 400, body: { error: 'invalid_scope' } };

    expect(await post({ ...CREDENTIALS, scope: 'kilat/admin' }, basic(machine))).toEqual(refused);
    expect(await post({ ...CREDENTIALS, scope: 'aws.cognito.signin.user.admin' }, basic(machine))).toEqual(refused);
  });

  it('refuses a wrong secret and an unknown client alike', async () => {
    const refused = { status: 400, body: { error: 'invalid_client' } };

    expect(await post(CREDENTIALS, basic({ ...machine, secret: 'wrong' }))).toEqual(refused);
    expect(await post(CREDENTIALS, basic({ id: 'nobody', secret: 'wrong' }))).toEqual(refused);
    expect(await post(CREDENTIALS)).toEqual(refused);
  });

  it('refuses a client that has not the grant', async () => {
    const { id: client_id } = await aClient(cognito, UserPoolId);

    expect((await post({ ...CREDENTIALS, client_id })).body).toEqual({ error: 'unauthorized_client' });
  });

  it('refuses a grant that it does not know', async () => {
    expect((await post({ grant_type: 'password' }, basic(machine))).body).toEqual({ error: 'unsupported_grant_type' });
  });

  it('refreshes the tokens of a user', async () => {
    const { id: client_id } = await aClient(cognito, UserPoolId);
    const { refreshToken, access } = await signIn(
      cognito,
      client_id,
      await aUser(cognito, UserPoolId, 'a@example.com'),
    );

    const { body } = await post({ grant_type: 'refresh_token', client_id, refresh_token: refreshToken });
    const bad = await post({ grant_type: 'refresh_token', client_id, refresh_token: 'made-up' });

    expect(decodeJwt(body.access_token!).origin_jti).toBe(access.origin_jti);
    expect(decodeJwt(body.id_token!).aud).toBe(client_id);
    expect(bad).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it.each([
    ['V3_0', 'acme'],
    ['V2_0', undefined],
  ] as const)('tells a trigger of version %s of the machine: tenant %s', async (LambdaVersion, tenant) => {
    const LambdaConfig = { PreTokenGenerationConfig: { LambdaArn: 'arn:f', LambdaVersion } };
    const client = await aMachine(await aUserPool(cognito, { LambdaConfig }));
    details = { accessTokenGeneration: { claimsToAddOrOverride: { tenant_id: 'acme' } } };

    const form = { ...CREDENTIALS, aws_client_metadata: '{"purpose":"batch"}' };
    const { body } = await post(form, basic(client));

    expect(decodeJwt(body.access_token!).tenant_id).toBe(tenant);
    expect(event?.triggerSource).toBe(tenant && 'TokenGeneration_ClientCredentials');
    expect((event?.request as { clientMetadata?: unknown } | undefined)?.clientMetadata).toEqual(
      tenant && { purpose: 'batch' },
    );
  });
});
