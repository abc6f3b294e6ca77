import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  CreateGroupCommand,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
  type PreTokenGenerationLambdaVersionType,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import {
  aClient,
  aUser,
  aUserPool,
  type Cognito,
  cognitoUnderTest,
  PASSWORD,
  refusal,
  signIn,
} from './pool-fixtures.ts';

const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:pre-token';

interface TokenEvent {
  readonly triggerSource: string;
  readonly response: Record<string, unknown>;
}

describe.skipIf(isRemote)('the pre-token-generation trigger', () => {
  let cognito: Cognito;
  let events: TokenEvent[];
  let respond: (event: TokenEvent) => unknown;

  beforeAll(async () => {
    cognito = await cognitoUnderTest({
      invokeLambda: async (functionArn, event) => {
        expect(functionArn).toBe(FUNCTION_ARN);
        events.push(event as TokenEvent);
        return respond(event as TokenEvent);
      },
    });
  });
  afterAll(() => cognito.close());
  beforeEach(() => {
    events = [];
    respond = (event) => event;
  });

  const triggered = (LambdaVersion: PreTokenGenerationLambdaVersionType): Partial<CreateUserPoolCommandInput> => ({
    LambdaConfig: { PreTokenGenerationConfig: { LambdaArn: FUNCTION_ARN, LambdaVersion } },
  });
  const answer = (name: string, details: unknown) => (event: TokenEvent) => ({
    ...event,
    response: { [name]: details },
  });
  const aTriggeredPool = async (version: PreTokenGenerationLambdaVersionType = 'V2_0') => {
    const UserPoolId = await aUserPool(cognito, triggered(version));
    const { id: ClientId } = await aClient(cognito, UserPoolId);
    return { UserPoolId, ClientId };
  };

  it('of version 2 gets the event that AWS documents', async () => {
    const { UserPoolId, ClientId } = await aTriggeredPool();
    const Username = await aUser(cognito, UserPoolId, 'ann@example.com', [{ Name: 'custom:tenant', Value: 'acme' }]);
    await cognito.api.send(new CreateGroupCommand({ UserPoolId, GroupName: 'admin' }));
    await cognito.api.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: 'admin' }));

    const { access } = await signIn(cognito, ClientId, Username);

    expect(events).toEqual([
      {
        version: '2',
        triggerSource: 'TokenGeneration_Authentication',
        region: 'us-east-1',
        userPoolId: UserPoolId,
        userName: access.username,
        callerContext: { awsSdkVersion: expect.any(String), clientId: ClientId },
        request: {
          userAttributes: {
            sub: access.sub,
            email: 'ann@example.com',
            email_verified: 'false',
            'custom:tenant': 'acme',
            'cognito:user_status': 'CONFIRMED',
          },
          groupConfiguration: { groupsToOverride: ['admin'], iamRolesToOverride: [], preferredRole: null },
          scopes: ['aws.cognito.signin.user.admin'],
        },
        response: { claimsAndScopeOverrideDetails: null },
      },
    ]);
  });

  it('of version 2 adds, overrides and suppresses claims in either token', async () => {
    const { UserPoolId, ClientId } = await aTriggeredPool();
    respond = answer('claimsAndScopeOverrideDetails', {
      accessTokenGeneration: { claimsToAddOrOverride: { tenant_id: 'acme', limits: { top_k: 5 } } },
      idTokenGeneration: { claimsToAddOrOverride: { name: 'Ann' }, claimsToSuppress: ['email'] },
    });

    const { access, id } = await signIn(cognito, ClientId, await aUser(cognito, UserPoolId, 'claims@example.com'));

    expect(access).toMatchObject({ tenant_id: 'acme', limits: { top_k: 5 } });
    expect(id).toMatchObject({ name: 'Ann' });
    expect(id).not.toHaveProperty('email');
    expect(id).not.toHaveProperty('tenant_id');
  });

  it('of version 2 adds and suppresses scopes, but never gives the one of Cognito itself', async () => {
    const { UserPoolId, ClientId } = await aTriggeredPool();
    const user = await aUser(cognito, UserPoolId, 'scopes@example.com');
    const scopeAfter = async (changes: Record<string, string[]>) => {
      respond = answer('claimsAndScopeOverrideDetails', { accessTokenGeneration: changes });
      return (await signIn(cognito, ClientId, user)).access.scope;
    };

    expect(await scopeAfter({ scopesToAdd: ['kilat/predict'] })).toBe('aws.cognito.signin.user.admin kilat/predict');
    expect(await scopeAfter({ scopesToSuppress: ['aws.cognito.signin.user.admin'] })).toBe('');
    expect(await scopeAfter({ scopesToAdd: ['aws.cognito.other'] })).toBe('aws.cognito.signin.user.admin');
  });

  it.each([
    'sub',
    'iss',
    'exp',
    'iat',
    'jti',
    'origin_jti',
    'auth_time',
    'token_use',
    'client_id',
    'username',
    'scope',
  ])('cannot change the reserved claim %s', async (claim) => {
    const { UserPoolId, ClientId } = await aTriggeredPool();
    respond = answer('claimsAndScopeOverrideDetails', {
      accessTokenGeneration: { claimsToAddOrOverride: { [claim]: 'forged' }, claimsToSuppress: [claim] },
    });

    const { access } = await signIn(cognito, ClientId, await aUser(cognito, UserPoolId, 'reserved@example.com'));

    expect(access).toHaveProperty(claim);
    expect(access[claim]).not.toBe('forged');
  });

  it('changes nothing where it says null', async () => {
    const { UserPoolId, ClientId } = await aTriggeredPool();
    respond = answer('claimsAndScopeOverrideDetails', {
      accessTokenGeneration: { claimsToAddOrOverride: null, claimsToSuppress: null, scopesToAdd: null },
      idTokenGeneration: null,
      groupOverrideDetails: null,
    });

    const { access } = await signIn(cognito, ClientId, await aUser(cognito, UserPoolId, 'nulls@example.com'));

    expect(access.scope).toBe('aws.cognito.signin.user.admin');
  });

  it('overrides the groups of both tokens', async () => {
    const { UserPoolId, ClientId } = await aTriggeredPool();
    respond = answer('claimsAndScopeOverrideDetails', { groupOverrideDetails: { groupsToOverride: ['guests'] } });

    const { access, id } = await signIn(cognito, ClientId, await aUser(cognito, UserPoolId, 'groups@example.com'));

    expect([access['cognito:groups'], id['cognito:groups']]).toEqual([['guests'], ['guests']]);
  });

  it('of version 1 changes the ID token alone, and hears of no scopes', async () => {
    const { UserPoolId, ClientId } = await aTriggeredPool('V1_0');
    respond = answer('claimsOverrideDetails', { claimsToAddOrOverride: { tenant_id: 'acme' } });

    const { access, id } = await signIn(cognito, ClientId, await aUser(cognito, UserPoolId, 'v1@example.com'));

    expect(id.tenant_id).toBe('acme');
    expect(access).not.toHaveProperty('tenant_id');
    expect(events[0]).toMatchObject({ version: '1', response: { claimsOverrideDetails: null } });
    expect(events[0]).not.toHaveProperty('request.scopes');
  });

  it('hears at each refresh, and decides anew', async () => {
    const { UserPoolId, ClientId } = await aTriggeredPool();
    const { refreshToken } = await signIn(cognito, ClientId, await aUser(cognito, UserPoolId, 'again@example.com'));
    respond = answer('claimsAndScopeOverrideDetails', {
      accessTokenGeneration: { claimsToAddOrOverride: { tenant_id: 'moved' } },
    });

    const { AuthenticationResult } = await cognito.api.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        AuthParameters: { REFRESH_TOKEN: refreshToken },
      }),
    );

    expect(events[1]!.triggerSource).toBe('TokenGeneration_RefreshTokens');
    expect(decodeJwt(AuthenticationResult!.AccessToken!).tenant_id).toBe('moved');
  });

  it('hears of a new password, with the metadata of the client', async () => {
    const { UserPoolId, ClientId } = await aTriggeredPool();
    const USERNAME = 'invited@example.com';
    await cognito.api.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username: USERNAME,
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
      }),
    );
    const { Session, ChallengeName } = await cognito.api.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME, PASSWORD } }),
    );

    await cognito.api.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName,
        Session,
        ChallengeResponses: { USERNAME, NEW_PASSWORD: 'N3w-password!' },
        ClientMetadata: { device: 'phone' },
      }),
    );

    expect(events).toMatchObject([
      { triggerSource: 'TokenGeneration_NewPasswordChallenge', request: { clientMetadata: { device: 'phone' } } },
    ]);
  });

  it('that fails makes the sign-in fail, with its reason', async () => {
    const { UserPoolId, ClientId } = await aTriggeredPool();
    const user = await aUser(cognito, UserPoolId, 'denied@example.com');
    respond = () => {
      throw new Error('no tenant');
    };

    expect(await refusal(signIn(cognito, ClientId, user))).toBe(
      'UserLambdaValidationException: PreTokenGeneration failed with error no tenant.',
    );
  });

  it.each([undefined, null, 'event', {}])('that returns %j makes the sign-in fail', async (returned) => {
    const { UserPoolId, ClientId } = await aTriggeredPool();
    const user = await aUser(cognito, UserPoolId, 'garbage@example.com');
    respond = () => returned;

    expect(await refusal(signIn(cognito, ClientId, user))).toBe(
      'InvalidLambdaResponseException: Unrecognizable lambda output',
    );
  });
});
