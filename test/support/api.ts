import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { inject } from 'vitest';
import { clientConfig } from './endpoint.ts';
import { kilat } from './local-cloud.ts';
import { projectRoot } from './shared-data.ts';

const { local, dataDir } = inject('cloud');

export const endpoint = (service: string) => clientConfig(local.endpoints[service]!);
export const apiUrl = local.api_url;

/** Signs a demo user in through the command line, as a person would. */
export async function tokenOf(role: 'user' | 'admin' | 'other'): Promise<string> {
  const { stdout, stderr } = await kilat(dataDir, 'token', '--as', role);
  if (!stdout) throw new Error(`no token for ${role}: ${stderr}`);
  return stdout.trim();
}

export interface NewUser {
  readonly username: string;
  readonly password: string;
}

/** Adds a user to a tenant, as an administrator would; its password is for good, or to be changed at the first login. */
export async function newUser(tenantId: string, group = 'user', isPasswordForGood = true): Promise<NewUser> {
  const cognito = new CognitoIdentityProviderClient(endpoint('cognito'));
  const UserPoolId = local.user_pool_id;
  const Username = `${crypto.randomUUID()}@example.com`;
  const Password = `Pw-${crypto.randomUUID()}`;
  const UserAttributes = [
    { Name: 'email', Value: Username },
    { Name: 'custom:tenant_id', Value: tenantId },
  ];
  const user = { UserPoolId, Username };
  const MessageAction = 'SUPPRESS' as const;
  await cognito.send(
    new AdminCreateUserCommand({ ...user, UserAttributes, MessageAction, TemporaryPassword: Password }),
  );
  if (isPasswordForGood) await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password, Permanent: true }));
  await cognito.send(new AdminAddUserToGroupCommand({ ...user, GroupName: group }));
  return { username: Username, password: Password };
}

/** Adds a user to a tenant and signs it in. */
export async function tokenOfNewUser(tenantId: string, group = 'user'): Promise<{ access: string; id: string }> {
  const { username, password } = await newUser(tenantId, group);
  return signIn(username, password);
}

export async function signIn(username: string, password: string): Promise<{ access: string; id: string }> {
  const { AuthenticationResult } = await new CognitoIdentityProviderClient(endpoint('cognito')).send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: local.user_pool_client_id,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  );
  return { access: AuthenticationResult!.AccessToken!, id: AuthenticationResult!.IdToken! };
}

export const example = (name: string): Promise<Buffer> => readFile(join(projectRoot, 'models/signs/examples', name));

type Body = NonNullable<RequestInit['body']>;

export interface Call {
  readonly token?: string | undefined;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Body;
}

/** Calls the API and reads what it answers, which is JSON in every case. */
export async function call(path: string, { token, method = 'GET', headers = {}, body }: Call = {}) {
  const response = await fetch(new URL(path, apiUrl), {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
    ...(body !== undefined && { body }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: what each case expects of the body is what it asserts
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

/** Posts the bytes of an image as they are. */
export const predictBytes = (token: string | undefined, bytes: Body, query = '', headers = {}) =>
  call(`/v1/predict${query}`, {
    token,
    method: 'POST',
    headers: { 'content-type': 'image/jpeg', ...headers },
    body: bytes,
  });

/** Posts JSON. */
export const predictJson = (token: string, body: unknown, query = '') =>
  call(`/v1/predict${query}`, {
    token,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
