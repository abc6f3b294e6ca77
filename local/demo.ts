import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { type Group, groups, TENANT_ATTRIBUTE } from '@kilat/contracts';
import type { LocalCloud } from './cloud.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from './service.ts';

export interface DemoUser {
  readonly username: string;
  readonly tenant: string;
  readonly group: Group;
}

/** Who may sign in, by role; the third shows that tenants do not see each other. */
export const demoUsers = {
  user: { username: 'user@demo.example', tenant: 'demo', group: groups.user },
  admin: { username: 'admin@demo.example', tenant: 'demo', group: groups.admin },
  other: { username: 'user@other.example', tenant: 'other', group: groups.user },
} as const satisfies Record<string, DemoUser>;

export type DemoRole = keyof typeof demoUsers;

/** By role; kept apart from `local.json`, which may be shown to others. */
export type Credentials = Readonly<Record<string, { readonly username: string; readonly password: string }>>;

const CREDENTIALS_FILE = 'credentials.json';

/** Makes the demo users that are missing, with random passwords that stand in the data folder alone. */
export async function seedDemoUsers(
  cloud: Pick<LocalCloud, 'dataDir' | 'endpoints' | 'passwordClient'>,
): Promise<void> {
  if (!cloud.passwordClient) return;
  const { userPoolId } = cloud.passwordClient;
  const file = join(cloud.dataDir, CREDENTIALS_FILE);
  const known = readCredentials(file);
  const client = await adminClient(cloud.endpoints.cognito);
  const entries = Object.entries<DemoUser>(demoUsers).map(async ([role, user]) => {
    const password = known[role]?.password ?? newPassword();
    const isNew = await createUser(client, userPoolId, user);
    if (isNew || !known[role]) await setPassword(client, userPoolId, { ...user, password });
    await addToGroup(client, userPoolId, user);
    return [role, { username: user.username, password }] as const;
  });
  writeCredentials(file, Object.fromEntries(await Promise.all(entries)));
  client.destroy();
}

async function adminClient(endpoint: string): Promise<CognitoIdentityProviderClient> {
  const sdk = await import('@aws-sdk/client-cognito-identity-provider');
  return new sdk.CognitoIdentityProviderClient({ endpoint, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS });
}

type Client = CognitoIdentityProviderClient;

/** @returns false when the user was there already */
async function createUser(client: Client, UserPoolId: string, { username, tenant }: DemoUser): Promise<boolean> {
  const sdk = await import('@aws-sdk/client-cognito-identity-provider');
  const UserAttributes = [
    { Name: 'email', Value: username },
    { Name: 'email_verified', Value: 'true' },
    { Name: `custom:${TENANT_ATTRIBUTE}`, Value: tenant },
  ];
  try {
    await client.send(
      new sdk.AdminCreateUserCommand({ UserPoolId, Username: username, UserAttributes, MessageAction: 'SUPPRESS' }),
    );
    return true;
  } catch (error) {
    if (error instanceof sdk.UsernameExistsException) return false;
    throw error;
  }
}

async function setPassword(
  client: Client,
  UserPoolId: string,
  { username: Username, password: Password }: { readonly username: string; readonly password: string },
): Promise<void> {
  const { AdminSetUserPasswordCommand } = await import('@aws-sdk/client-cognito-identity-provider');
  await client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }));
}

/** Changes nothing where the user is in the group. */
async function addToGroup(client: Client, UserPoolId: string, { username, group }: DemoUser): Promise<void> {
  const { AdminAddUserToGroupCommand } = await import('@aws-sdk/client-cognito-identity-provider');
  await client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: username, GroupName: group }));
}

/** Random; the ends meet password policies that ask for each kind of character. */
const newPassword = (): string => `Aa1-${randomBytes(18).toString('base64url')}`;

function readCredentials(file: string): Credentials {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {}; // none yet, or damaged: new passwords are set
  }
}

/** Whole or not at all, and from its first byte for this user's eyes only. */
function writeCredentials(file: string, credentials: Credentials): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(credentials, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}
