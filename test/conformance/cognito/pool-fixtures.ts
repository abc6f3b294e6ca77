import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type AttributeType,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { type CodeDelivery, type CognitoOptions, startCognito } from '../../../local/cognito/index.ts';
import { clientConfig, serviceUnderTest } from '../../support/endpoint.ts';

export const PASSWORD = 'C0rrect-horse!';

/** Cognito under test, with its clock and its mailbox in the test's hands where it is ours. */
export async function cognitoUnderTest(options: Partial<CognitoOptions> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'kilat-cognito-'));
  const clock = { ms: Date.now() };
  const deliveries: CodeDelivery[] = [];
  const faults: unknown[] = [];
  const service = await serviceUnderTest(() =>
    startCognito({
      dir,
      now: () => clock.ms,
      onCode: (delivery) => deliveries.push(delivery),
      onFault: (fault) => faults.push(fault),
      ...options,
    }),
  );
  const api = new CognitoIdentityProviderClient(clientConfig(service.url));
  const close = async () => {
    api.destroy();
    await service.close();
    rmSync(dir, { recursive: true, force: true });
  };
  return { ...service, dir, api, clock, deliveries, faults, close };
}

export type Cognito = Awaited<ReturnType<typeof cognitoUnderTest>>;

/** A pool that users sign in to by e-mail address. */
export async function aUserPool({ api }: Pick<Cognito, 'api'>, input: Partial<CreateUserPoolCommandInput> = {}) {
  const { UserPool } = await api.send(
    new CreateUserPoolCommand({
      PoolName: 'users',
      UsernameAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      Schema: [{ Name: 'tenant', AttributeDataType: 'String', Mutable: false }],
      ...input,
    }),
  );
  return UserPool!.Id!;
}

/** A public client for the password flow, as a web page has it. */
export async function aClient(
  { api }: Pick<Cognito, 'api'>,
  UserPoolId: string,
  input: Partial<CreateUserPoolClientCommandInput> = {},
) {
  const { UserPoolClient } = await api.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'web',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      ...input,
    }),
  );
  return { id: UserPoolClient!.ClientId!, secret: UserPoolClient!.ClientSecret };
}

/** A user who is confirmed and has the password PASSWORD. */
export async function aUser(
  { api }: Pick<Cognito, 'api'>,
  UserPoolId: string,
  Username: string,
  UserAttributes: AttributeType[] = [],
) {
  await api.send(new AdminCreateUserCommand({ UserPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' }));
  await api.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: PASSWORD, Permanent: true }));
  return Username;
}

export async function signIn({ api }: Pick<Cognito, 'api'>, ClientId: string, USERNAME: string, password = PASSWORD) {
  const { AuthenticationResult } = await api.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD: password },
    }),
  );
  const { AccessToken, IdToken, RefreshToken } = AuthenticationResult!;
  return {
    result: AuthenticationResult!,
    accessToken: AccessToken!,
    refreshToken: RefreshToken!,
    access: decodeJwt(AccessToken!),
    id: decodeJwt(IdToken!),
  };
}

/** SECRET_HASH as AWS documents it: HMAC-SHA256 of the username and the client id, under the client secret. */
export const secretHash = (client: { id: string; secret: string | undefined }, username: string) =>
  createHmac('sha256', client.secret!).update(`${username}${client.id}`).digest('base64');

/** The name and message of the refusal. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error = (await call.then(
    () => new Error('nothing was refused'),
    (thrown) => thrown,
  )) as Error;
  return `${error.name}: ${error.message}`;
}
