import {
  AdminConfirmSignUpCommand,
  AdminGetUserCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import {
  aClient,
  aUserPool,
  type Cognito,
  cognitoUnderTest,
  PASSWORD,
  refusal,
  secretHash,
  signIn,
} from './pool-fixtures.ts';

let cognito: Cognito;
let UserPoolId: string;
let ClientId: string;

beforeAll(async () => {
  cognito = await cognitoUnderTest();
  UserPoolId = await aUserPool(cognito);
  ClientId = (await aClient(cognito, UserPoolId)).id;
});
afterAll(() => cognito.close());

const signUp = (
  Username: string,
  input: { ClientId?: string; UserAttributes?: { Name: string; Value: string }[] } = {},
) => cognito.api.send(new SignUpCommand({ ClientId, Username, Password: PASSWORD, ...input }));
const confirm = (Username: string, ConfirmationCode: string) =>
  cognito.api.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }));
const lastCode = () => cognito.deliveries.at(-1)!.code;
const HOUR_MS = 3_600_000;

describe('a sign-up', () => {
  it('tells where the code went, and not more of the address than it must', async () => {
    const { UserConfirmed, CodeDeliveryDetails } = await signUp('ann@example.com');

    expect(UserConfirmed).toBe(false);
    expect(CodeDeliveryDetails).toEqual({
      AttributeName: 'email',
      DeliveryMedium: 'EMAIL',
      Destination: 'a***@e***',
    });
  });

  it('does not let the user in before it is confirmed', async () => {
    await signUp('early@example.com');

    expect(await refusal(signIn(cognito, ClientId, 'early@example.com'))).toBe(
      'UserNotConfirmedException: User is not confirmed.',
    );
  });

  it.skipIf(isRemote)('is confirmed by its code, which verifies the address', async () => {
    await signUp('code@example.com');

    await confirm('code@example.com', lastCode());

    const { id } = await signIn(cognito, ClientId, 'code@example.com');
    expect(id.email_verified).toBe(true);
  });

  it.skipIf(isRemote)('has a code of six digits by default', async () => {
    await signUp('digits@example.com');

    expect(lastCode()).toMatch(/^\d{6}$/);
  });

  it.skipIf(isRemote)('refuses a wrong code, an old code and a used one', async () => {
    await signUp('codes@example.com');
    const code = lastCode();

    const wrong = await refusal(confirm('codes@example.com', 'wrong'));
    cognito.clock.ms += 24 * HOUR_MS;
    const old = await refusal(confirm('codes@example.com', code));
    await cognito.api.send(new ResendConfirmationCodeCommand({ ClientId, Username: 'codes@example.com' }));
    await confirm('codes@example.com', lastCode());
    const used = await refusal(confirm('codes@example.com', lastCode()));

    expect(wrong).toBe('CodeMismatchException: Invalid verification code provided, please try again.');
    expect(old).toBe('ExpiredCodeException: Invalid code provided, please request a code again.');
    expect(used).toBe('NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED');
  });

  it.skipIf(isRemote)('takes no more guesses after five wrong ones, not even the right one', async () => {
    await signUp('guess@example.com');
    for (const guess of ['a', 'b', 'c', 'd', 'e']) await refusal(confirm('guess@example.com', guess));

    expect(await refusal(confirm('guess@example.com', lastCode()))).toContain('LimitExceededException');
  });

  it('can be confirmed by an administrator, which verifies nothing', async () => {
    await signUp('admin-confirms@example.com');

    await cognito.api.send(new AdminConfirmSignUpCommand({ UserPoolId, Username: 'admin-confirms@example.com' }));

    const { id } = await signIn(cognito, ClientId, 'admin-confirms@example.com');
    expect(id.email_verified).toBe(false);
  });

  it('is refused for an address that has an account', async () => {
    await signUp('twice@example.com');

    expect(await refusal(signUp('twice@example.com'))).toContain('UsernameExistsException');
  });

  it('is refused where only administrators create users', async () => {
    const closed = await aUserPool(cognito, { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } });
    const client = await aClient(cognito, closed);

    expect(await refusal(signUp('ann@example.com', { ClientId: client.id }))).toBe(
      'NotAuthorizedException: SignUp is not permitted for this user pool',
    );
  });

  it('cannot choose a tenant through a client that may not write it', async () => {
    const client = await aClient(cognito, UserPoolId, { WriteAttributes: ['email', 'name'] });

    const forged = signUp('thief@example.com', {
      ClientId: client.id,
      UserAttributes: [{ Name: 'custom:tenant', Value: 'acme' }],
    });

    expect(await refusal(forged)).toBe('NotAuthorizedException: A client attempted to write unauthorized attribute');
  });

  it('needs the secret hash where the client has a secret', async () => {
    const client = await aClient(cognito, UserPoolId, { GenerateSecret: true });
    const Username = 'secret@example.com';
    const withHash = (SecretHash?: string) =>
      cognito.api.send(new SignUpCommand({ ClientId: client.id, Username, Password: PASSWORD, SecretHash }));

    expect(await refusal(withHash())).toContain('SECRET_HASH was not received');
    expect(await refusal(withHash('d3Jvbmc='))).toContain('NotAuthorizedException');
    await expect(withHash(secretHash(client, Username))).resolves.toMatchObject({ UserConfirmed: false });
  });
});

describe.skipIf(isRemote)('a forgotten password', () => {
  const forgot = (Username: string, client = ClientId) =>
    cognito.api.send(new ForgotPasswordCommand({ ClientId: client, Username }));
  const reset = (Username: string, ConfirmationCode: string, Password: string, client = ClientId) =>
    cognito.api.send(new ConfirmForgotPasswordCommand({ ClientId: client, Username, ConfirmationCode, Password }));
  const aConfirmedUser = async (Username: string) => {
    await signUp(Username);
    await confirm(Username, lastCode());
    return Username;
  };

  it('is replaced with the code, once', async () => {
    const user = await aConfirmedUser('forgets@example.com');
    await forgot(user);
    const code = lastCode();

    await reset(user, code, 'N3w-password!');

    expect(await refusal(signIn(cognito, ClientId, user))).toContain('NotAuthorizedException');
    await expect(signIn(cognito, ClientId, user, 'N3w-password!')).resolves.toBeDefined();
    expect(await refusal(reset(user, code, 'N3w-password!'))).toContain('ExpiredCodeException');
  });

  it('leaves the code usable when the new password breaks the policy', async () => {
    const user = await aConfirmedUser('tries@example.com');
    await forgot(user);
    const code = lastCode();

    expect(await refusal(reset(user, code, 'weak'))).toContain('InvalidPasswordException');
    await expect(reset(user, code, 'N3w-password!')).resolves.toBeDefined();
  });

  it('has a code for an hour', async () => {
    const user = await aConfirmedUser('late@example.com');
    await forgot(user);

    cognito.clock.ms += HOUR_MS;

    expect(await refusal(reset(user, lastCode(), 'N3w-password!'))).toContain('ExpiredCodeException');
  });

  it('cannot be replaced through an address that was never verified', async () => {
    await signUp('unverified@example.com');
    await cognito.api.send(new AdminConfirmSignUpCommand({ UserPoolId, Username: 'unverified@example.com' }));

    expect(await refusal(forgot('unverified@example.com'))).toContain('InvalidParameterException');
  });

  it('does not tell strangers who has an account, where the client prevents it', async () => {
    const careful = await aClient(cognito, UserPoolId, { PreventUserExistenceErrors: 'ENABLED' });
    const user = await aConfirmedUser('known@example.com');

    const [known, unknown] = [await forgot(user, careful.id), await forgot('unknown@example.com', careful.id)];

    expect(unknown.CodeDeliveryDetails).toMatchObject({ DeliveryMedium: 'EMAIL', Destination: 'u***@e***' });
    expect(known.CodeDeliveryDetails).toMatchObject({ DeliveryMedium: 'EMAIL', Destination: 'k***@e***' });
    expect(await refusal(reset('unknown@example.com', '000000', PASSWORD, careful.id))).toContain(
      'CodeMismatchException',
    );
    expect(await refusal(forgot('unknown@example.com'))).toContain('UserNotFoundException');
  });

  it('makes its user confirmed', async () => {
    const user = await aConfirmedUser('status@example.com');
    await forgot(user);

    await reset(user, lastCode(), 'N3w-password!');

    const { UserStatus } = await cognito.api.send(new AdminGetUserCommand({ UserPoolId, Username: user }));
    expect(UserStatus).toBe('CONFIRMED');
  });
});
