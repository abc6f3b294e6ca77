import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminInitiateAuthCommand,
  AdminUserGlobalSignOutCommand,
  ChangePasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import {
  aClient,
  aUser,
  aUserPool,
  type Cognito,
  cognitoUnderTest,
  PASSWORD,
  refusal,
  secretHash,
  signIn,
} from './pool-fixtures.ts';

const WRONG = 'NotAuthorizedException: Incorrect username or password.';
const DAY_MS = 86_400_000;

let cognito: Cognito;
let UserPoolId: string;
let ClientId: string;

beforeAll(async () => {
  cognito = await cognitoUnderTest();
  UserPoolId = await aUserPool(cognito);
  ClientId = (await aClient(cognito, UserPoolId)).id;
});
afterAll(() => cognito.close());

const refresh = (REFRESH_TOKEN: string, client = ClientId) =>
  cognito.api.send(
    new InitiateAuthCommand({ ClientId: client, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN } }),
  );

describe('a sign-in by password', () => {
  it('yields an access, an ID and a refresh token', async () => {
    const { result } = await signIn(cognito, ClientId, await aUser(cognito, UserPoolId, 'ann@example.com'));

    expect(result).toMatchObject({ TokenType: 'Bearer', ExpiresIn: 3600 });
    expect(result.AccessToken!.split('.')).toHaveLength(3);
    expect(result.IdToken!.split('.')).toHaveLength(3);
    expect(result.RefreshToken!.length).toBeGreaterThan(100);
  });

  it('is refused with a wrong password', async () => {
    const user = await aUser(cognito, UserPoolId, 'wrong@example.com');

    expect(await refusal(signIn(cognito, ClientId, user, 'N0t-the-password!'))).toBe(WRONG);
  });

  it('tells that a user does not exist only where the client lets it', async () => {
    const careful = await aClient(cognito, UserPoolId, {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    });

    expect(await refusal(signIn(cognito, ClientId, 'unknown@example.com'))).toBe(
      'UserNotFoundException: User does not exist.',
    );
    expect(await refusal(signIn(cognito, careful.id, 'unknown@example.com'))).toBe(WRONG);
  });

  it('minds the case of the address, unless the pool says otherwise', async () => {
    await aUser(cognito, UserPoolId, 'case@example.com');
    const lenient = await aUserPool(cognito, { UsernameConfiguration: { CaseSensitive: false } });
    const client = await aClient(cognito, lenient);
    await aUser(cognito, lenient, 'case@example.com');

    expect(await refusal(signIn(cognito, ClientId, 'CASE@example.com'))).toContain('UserNotFoundException');
    await expect(signIn(cognito, client.id, 'CASE@example.com')).resolves.toBeDefined();
  });

  it('is refused while the user is disabled', async () => {
    const Username = await aUser(cognito, UserPoolId, 'off@example.com');
    await cognito.api.send(new AdminDisableUserCommand({ UserPoolId, Username }));

    expect(await refusal(signIn(cognito, ClientId, Username))).toBe('NotAuthorizedException: User is disabled.');

    await cognito.api.send(new AdminEnableUserCommand({ UserPoolId, Username }));
    await expect(signIn(cognito, ClientId, Username)).resolves.toBeDefined();
  });

  it('needs a client that allows the flow', async () => {
    const srpOnly = await aClient(cognito, UserPoolId, { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] });
    const user = await aUser(cognito, UserPoolId, 'flow@example.com');

    expect(await refusal(signIn(cognito, srpOnly.id, user))).toBe(
      'InvalidParameterException: USER_PASSWORD_AUTH flow not enabled for this client',
    );
  });

  it('by an administrator needs a client of that pool which allows it', async () => {
    const client = await aClient(cognito, UserPoolId, { ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'] });
    const USERNAME = await aUser(cognito, UserPoolId, 'server@example.com');
    const admin = (pool: string, id: string) =>
      cognito.api.send(
        new AdminInitiateAuthCommand({
          UserPoolId: pool,
          ClientId: id,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME, PASSWORD },
        }),
      );

    expect((await admin(UserPoolId, client.id)).AuthenticationResult!.AccessToken).toBeDefined();
    expect(await refusal(admin(UserPoolId, ClientId))).toContain('InvalidParameterException');
    expect(await refusal(admin(await aUserPool(cognito), client.id))).toContain('ResourceNotFoundException');
  });

  it('needs the secret hash where the client has a secret', async () => {
    const client = await aClient(cognito, UserPoolId, { GenerateSecret: true });
    const USERNAME = await aUser(cognito, UserPoolId, 'confidential@example.com');
    const attempt = (hash: Record<string, string>) =>
      cognito.api.send(
        new InitiateAuthCommand({
          ClientId: client.id,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME, PASSWORD, ...hash },
        }),
      );

    expect(await refusal(attempt({}))).toBe(
      `NotAuthorizedException: Client ${client.id} is configured with secret but SECRET_HASH was not received`,
    );
    expect(await refusal(attempt({ SECRET_HASH: 'AAAA' }))).toBe(
      `NotAuthorizedException: Unable to verify secret hash for client ${client.id}`,
    );
    const { AuthenticationResult } = await attempt({ SECRET_HASH: secretHash(client, USERNAME) });
    expect(AuthenticationResult!.AccessToken).toBeDefined();
  });
});

describe.skipIf(isRemote)('failed sign-ins', () => {
  const fail = async (user: string, times: number) => {
    for (let i = 0; i < times; i++) await refusal(signIn(cognito, ClientId, user, 'wrong'));
  };
  const EXCEEDED = 'NotAuthorizedException: Password attempts exceeded';

  it('lock the user for a second after the fifth, and double from there', async () => {
    const user = await aUser(cognito, UserPoolId, 'locked@example.com');

    await fail(user, 5);
    expect(await refusal(signIn(cognito, ClientId, user))).toBe(EXCEEDED);
    cognito.clock.ms += 1000;
    await fail(user, 1);
    cognito.clock.ms += 1999;
    expect(await refusal(signIn(cognito, ClientId, user))).toBe(EXCEEDED);
    cognito.clock.ms += 1;

    await expect(signIn(cognito, ClientId, user)).resolves.toBeDefined();
  });

  it('count anew after a sign-in that succeeds', async () => {
    const user = await aUser(cognito, UserPoolId, 'forgiven@example.com');

    await fail(user, 4);
    await signIn(cognito, ClientId, user);
    await fail(user, 4);

    await expect(signIn(cognito, ClientId, user)).resolves.toBeDefined();
  });

  it('that run at once cannot outrun the count', async () => {
    const user = await aUser(cognito, UserPoolId, 'parallel@example.com');

    const guesses = Array.from({ length: 8 }, () => refusal(signIn(cognito, ClientId, user, 'wrong')));

    expect((await Promise.all(guesses)).filter((reason) => reason === WRONG)).toHaveLength(5);
    expect(await refusal(signIn(cognito, ClientId, user))).toBe(EXCEEDED);
  });
});

describe('a temporary password', () => {
  const invite = (Username: string) =>
    cognito.api.send(
      new AdminCreateUserCommand({ UserPoolId, Username, TemporaryPassword: PASSWORD, MessageAction: 'SUPPRESS' }),
    );
  const begin = (USERNAME: string) =>
    cognito.api.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME, PASSWORD },
      }),
    );
  const answer = (Session: string | undefined, USERNAME: string, NEW_PASSWORD: string) =>
    cognito.api.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session,
        ChallengeResponses: { USERNAME, NEW_PASSWORD },
      }),
    );

  it('must be replaced before there are tokens', async () => {
    await invite('new@example.com');

    const { AuthenticationResult, ChallengeName, Session } = await begin('new@example.com');
    const done = await answer(Session, 'new@example.com', 'N3w-password!');

    expect(AuthenticationResult).toBeUndefined();
    expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    expect(done.AuthenticationResult!.AccessToken).toBeDefined();
    await expect(signIn(cognito, ClientId, 'new@example.com', 'N3w-password!')).resolves.toBeDefined();
  });

  it('may be replaced in the same session after a password that breaks the policy', async () => {
    await invite('weak@example.com');
    const { Session } = await begin('weak@example.com');

    expect(await refusal(answer(Session, 'weak@example.com', 'weak'))).toContain('InvalidPasswordException');
    expect((await answer(Session, 'weak@example.com', 'N3w-password!')).AuthenticationResult).toBeDefined();
  });

  it('is replaced once per session', async () => {
    await invite('once@example.com');
    const { Session } = await begin('once@example.com');
    await answer(Session, 'once@example.com', 'N3w-password!');

    const again = answer(Session, 'once@example.com', 'An0ther-password!');

    expect(await refusal(again)).toBe('NotAuthorizedException: Invalid session for the user.');
  });

  it.skipIf(isRemote)('is good for seven days, and its session for three minutes', async () => {
    await invite('slow@example.com');
    const { Session } = await begin('slow@example.com');

    cognito.clock.ms += 180_000;
    const lateAnswer = await refusal(answer(Session, 'slow@example.com', 'N3w-password!'));
    cognito.clock.ms += 7 * DAY_MS;
    const lateBegin = await refusal(begin('slow@example.com'));

    expect(lateAnswer).toBe('NotAuthorizedException: Invalid session for the user, session is expired.');
    expect(lateBegin).toContain('Temporary password has expired');
  });
});

describe('a refresh token', () => {
  it('renews the other tokens of the same sign-in', async () => {
    const { access, refreshToken } = await signIn(
      cognito,
      ClientId,
      await aUser(cognito, UserPoolId, 're@example.com'),
    );

    const { AuthenticationResult } = await refresh(refreshToken);

    const payload = JSON.parse(Buffer.from(AuthenticationResult!.AccessToken!.split('.')[1]!, 'base64url').toString());
    expect(payload).toMatchObject({ sub: access.sub, origin_jti: access.origin_jti, auth_time: access.auth_time });
    expect(payload.jti).not.toBe(access.jti);
    expect(AuthenticationResult!.RefreshToken).toBeUndefined();
  });

  it('is also taken by GetTokensFromRefreshToken', async () => {
    const user = await aUser(cognito, UserPoolId, 'gettokens@example.com');
    const { refreshToken: RefreshToken } = await signIn(cognito, ClientId, user);

    const renewed = await cognito.api.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }));

    expect(renewed.AuthenticationResult!.IdToken).toBeDefined();
  });

  it('is refused to another client, and when nobody has issued it', async () => {
    const other = await aClient(cognito, UserPoolId);
    const { refreshToken } = await signIn(cognito, ClientId, await aUser(cognito, UserPoolId, 'steal@example.com'));

    expect(await refusal(refresh(refreshToken, other.id))).toBe('NotAuthorizedException: Invalid Refresh Token.');
    expect(await refusal(refresh('made-up'))).toBe('NotAuthorizedException: Invalid Refresh Token.');
  });

  it('is dead once revoked, with the access tokens that came of it', async () => {
    const user = await aUser(cognito, UserPoolId, 'revoked@example.com');
    const { refreshToken, accessToken } = await signIn(cognito, ClientId, user);
    const other = await signIn(cognito, ClientId, user);

    await cognito.api.send(new RevokeTokenCommand({ ClientId, Token: refreshToken }));

    expect(await refusal(refresh(refreshToken))).toBe('NotAuthorizedException: Refresh Token has been revoked');
    const withRevoked = cognito.api.send(new GetUserCommand({ AccessToken: accessToken }));
    expect(await refusal(withRevoked)).toBe('NotAuthorizedException: Access Token has been revoked');
    await expect(refresh(other.refreshToken)).resolves.toBeDefined();
  });

  it.skipIf(isRemote)('ends after its validity', async () => {
    const { refreshToken } = await signIn(cognito, ClientId, await aUser(cognito, UserPoolId, 'expires@example.com'));

    cognito.clock.ms += 30 * DAY_MS;

    expect(await refusal(refresh(refreshToken))).toBe('NotAuthorizedException: Refresh Token has expired');
  });

  it('is dead after a global sign-out, by the user or an administrator', async () => {
    const user = await aUser(cognito, UserPoolId, 'out@example.com');
    const [first, second] = [await signIn(cognito, ClientId, user), await signIn(cognito, ClientId, user)];

    await cognito.api.send(new GlobalSignOutCommand({ AccessToken: first.accessToken }));
    const third = await signIn(cognito, ClientId, user);
    await cognito.api.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username: user }));

    const revoked = 'NotAuthorizedException: Refresh Token has been revoked';
    expect(await refusal(refresh(second.refreshToken))).toBe(revoked);
    expect(await refusal(refresh(third.refreshToken))).toBe(revoked);
  });

  it('is dead while its user is disabled', async () => {
    const Username = await aUser(cognito, UserPoolId, 'fired@example.com');
    const { refreshToken } = await signIn(cognito, ClientId, Username);

    await cognito.api.send(new AdminDisableUserCommand({ UserPoolId, Username }));

    expect(await refusal(refresh(refreshToken))).toContain('NotAuthorizedException');
  });
});

describe('an access token', () => {
  const getUser = (AccessToken: string) => refusal(cognito.api.send(new GetUserCommand({ AccessToken })));

  it('that is forged or of another kind opens nothing', async () => {
    const { accessToken, result } = await signIn(
      cognito,
      ClientId,
      await aUser(cognito, UserPoolId, 'forge@example.com'),
    );
    const [header, , signature] = accessToken.split('.');
    const payload = Buffer.from(JSON.stringify({ sub: 'x', token_use: 'access' })).toString('base64url');

    expect(await getUser(`${header}.${payload}.${signature}`)).toBe('NotAuthorizedException: Invalid Access Token');
    expect(await getUser(result.IdToken!)).toBe('NotAuthorizedException: Invalid Access Token');
    expect(await getUser('nonsense')).toBe('NotAuthorizedException: Invalid Access Token');
  });

  it.skipIf(isRemote)('that has expired opens nothing', async () => {
    const { accessToken } = await signIn(cognito, ClientId, await aUser(cognito, UserPoolId, 'stale@example.com'));

    cognito.clock.ms += 3_601_000;

    expect(await getUser(accessToken)).toBe('NotAuthorizedException: Access Token has expired');
  });

  it('changes the password, given the old one', async () => {
    const user = await aUser(cognito, UserPoolId, 'changes@example.com');
    const { accessToken: AccessToken } = await signIn(cognito, ClientId, user);
    const change = (PreviousPassword: string) =>
      cognito.api.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword: 'N3w-password!' }));

    expect(await refusal(change('wrong'))).toBe(WRONG);
    await change(PASSWORD);

    await expect(signIn(cognito, ClientId, user, 'N3w-password!')).resolves.toBeDefined();
  });
});
