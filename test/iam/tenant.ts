import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Group } from '@kilat/contracts';
import { clientConfig } from '../support/endpoint.ts';
import type { OwnCloud } from '../support/own-cloud.ts';

type Cloud = Pick<OwnCloud, 'apiUrl' | 'endpoints' | 'passwordClient'>;

/** A tenant with a user and an admin, as the API sees it. */
export class Tenant {
  readonly id = `t-${crypto.randomUUID().slice(0, 8)}`;
  readonly #cloud: Cloud;
  readonly #tokens = new Map<Group, Promise<string>>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** The access token of the one or the other; both are made when they are first asked for. */
  token(group: Group = 'user'): Promise<string> {
    const known = this.#tokens.get(group);
    if (known) return known;
    const token = this.signIn(group);
    this.#tokens.set(group, token);
    return token;
  }

  /** Makes a user and signs it in. */
  async signIn(group: Group = 'user'): Promise<string> {
    const cognito = new CognitoIdentityProviderClient(clientConfig(this.#cloud.endpoints.cognito));
    const { userPoolId: UserPoolId, clientId: ClientId } = this.#cloud.passwordClient!;
    const Username = `${crypto.randomUUID()}@example.com`;
    const Password = `Pw-${crypto.randomUUID()}`;
    const UserAttributes = [
      { Name: 'email', Value: Username },
      { Name: 'custom:tenant_id', Value: this.id },
    ];
    const user = { UserPoolId, Username };
    await cognito.send(new AdminCreateUserCommand({ ...user, UserAttributes, MessageAction: 'SUPPRESS' }));
    await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password, Permanent: true }));
    await cognito.send(new AdminAddUserToGroupCommand({ ...user, GroupName: group }));
    const AuthParameters = { USERNAME: Username, PASSWORD: Password };
    const signIn = new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters });
    const { AuthenticationResult } = await cognito.send(signIn).finally(() => cognito.destroy());
    return AuthenticationResult!.AccessToken!;
  }

  async call(path: string, { group = 'user', ...init }: RequestInit & { group?: Group } = {}) {
    const headers = { authorization: `Bearer ${await this.token(group)}`, ...init.headers };
    const response = await fetch(new URL(path, this.#cloud.apiUrl), { ...init, headers });
    // biome-ignore lint/suspicious/noExplicitAny: each scenario knows what it asked for
    return { status: response.status, body: (await response.json()) as any };
  }

  post(path: string, body: object, { group = 'user', ...headers }: { group?: Group; [name: string]: string } = {}) {
    const json = { 'content-type': 'application/json', ...headers };
    return this.call(path, { group, method: 'POST', headers: json, body: JSON.stringify(body) });
  }
}
