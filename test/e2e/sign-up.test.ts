import {
  AdminConfirmSignUpCommand,
  CognitoIdentityProviderClient,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, inject, it } from 'vitest';
import { call, endpoint, example, predictBytes, signIn } from '../support/api.ts';

const { local } = inject('cloud');
const cognito = new CognitoIdentityProviderClient(endpoint('cognito'));

const signUp = (username: string, password: string, attributes: { Name: string; Value: string }[] = []) =>
  cognito.send(
    new SignUpCommand({
      ClientId: local.user_pool_client_id,
      Username: username,
      Password: password,
      UserAttributes: [{ Name: 'email', Value: username }, ...attributes],
    }),
  );

const anAddress = (): string => `${crypto.randomUUID()}@example.com`;

describe('whoever signs up', () => {
  it('is a tenant of their own, and sees what is theirs and nothing else', async () => {
    const username = anAddress();
    const { UserSub } = await signUp(username, 'Pass-word-2026!');
    await cognito.send(new AdminConfirmSignUpCommand({ UserPoolId: local.user_pool_id, Username: username }));
    const { access } = await signIn(username, 'Pass-word-2026!');
    await predictBytes(access, new Uint8Array(await example('one.jpg')));

    const { body } = await call('/v1/history', { token: access });

    expect(JSON.parse(Buffer.from(access.split('.')[1]!, 'base64url').toString()).tenant_id).toBe(UserSub);
    expect(body.items.map((item: { user_id: string }) => item.user_id)).toEqual([UserSub]);
  });

  it('cannot put themselves into another tenant', async () => {
    const joining = signUp(anAddress(), 'Pass-word-2026!', [{ Name: 'custom:tenant_id', Value: 'demo' }]);

    await expect(joining).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('cannot choose a weak password', async () => {
    await expect(signUp(anAddress(), 'password')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
  });
});
