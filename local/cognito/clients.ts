import { createHmac, randomBytes } from 'node:crypto';
import type {
  CreateUserPoolClientRequest,
  DeleteUserPoolClientRequest,
  DescribeUserPoolClientRequest,
  ListUserPoolClientsRequest,
  UpdateUserPoolClientRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import { AwsError } from '../aws-json.ts';
import { isSameSecret } from './constant-time.ts';
import type { Cognito } from './context.ts';
import { invalidParameter, notAuthorized, resourceNotFound } from './errors.ts';
import type { Attributes, Client, UserPool, Wire } from './model.ts';
import { epochSeconds, page } from './pages.ts';
import { requirePool } from './pools.ts';
import { assertScopesExist } from './resource-servers.ts';
import { tokenValidity } from './validity.ts';

export const clientOperations = (cognito: Cognito) => ({
  CreateUserPoolClient: (input: Wire<CreateUserPoolClientRequest>) => ({
    UserPoolClient: describeClient(ensureClient(cognito, randomBase36(26), input)),
  }),
  DescribeUserPoolClient: (input: Wire<DescribeUserPoolClientRequest>) => ({
    UserPoolClient: describeClient(requireClientOf(cognito, input)),
  }),
  UpdateUserPoolClient: ({ ClientId, ...input }: Wire<UpdateUserPoolClientRequest>) => {
    const known = requireClientOf(cognito, { ...input, ClientId });
    const ClientName = input.ClientName ?? known.config.ClientName;
    const GenerateSecret = known.secret !== undefined;
    return {
      UserPoolClient: describeClient(ensureClient(cognito, ClientId, { ...input, ClientName, GenerateSecret })),
    };
  },
  DeleteUserPoolClient: (input: Wire<DeleteUserPoolClientRequest>) => {
    cognito.store.clients.delete(requireClientOf(cognito, input).id);
  },
  ListUserPoolClients: ({ UserPoolId, MaxResults, NextToken }: Wire<ListUserPoolClientsRequest>) => {
    requirePool(cognito, UserPoolId);
    const { items, next } = page(cognito.store.clients.findBy('userPoolId', UserPoolId), MaxResults, NextToken);
    const UserPoolClients = items.map(({ id, config }) => ({
      ClientId: id,
      UserPoolId,
      ClientName: config.ClientName,
    }));
    return { UserPoolClients, NextToken: next };
  },
});

/** The client that a public operation names, and its pool. */
export function requireClient(cognito: Cognito, clientId: string): { client: Client; pool: UserPool } {
  const client = cognito.store.clients.get(clientId);
  if (!client) throw resourceNotFound(`User pool client ${clientId} does not exist.`);
  return { client, pool: requirePool(cognito, client.userPoolId) };
}

/** The client that an admin operation names: it must belong to the pool that is named beside it. */
export function requireClientOf(cognito: Cognito, input: { ClientId: string; UserPoolId: string }): Client {
  requirePool(cognito, input.UserPoolId);
  const { client } = requireClient(cognito, input.ClientId);
  if (client.userPoolId !== input.UserPoolId)
    throw resourceNotFound(`User pool client ${input.ClientId} does not exist.`);
  return client;
}

/** Makes the client of that id what the input says; a secret, once made, is kept. */
export function ensureClient(cognito: Cognito, id: string, config: Wire<CreateUserPoolClientRequest>): Client {
  const pool = requirePool(cognito, config.UserPoolId);
  assertSettings(cognito, pool, config);
  const known = cognito.store.clients.get(id);
  const now = cognito.now();
  const secret = known?.secret ?? randomBase36(51);
  return cognito.store.clients.put(id, {
    id,
    userPoolId: pool.userPoolId,
    config,
    createdAt: known?.createdAt ?? now,
    modifiedAt: now,
    ...(config.GenerateSecret && { secret }),
  });
}

function assertSettings(cognito: Cognito, pool: UserPool, config: Wire<CreateUserPoolClientRequest>): void {
  tokenValidity(config); // throws where a validity is out of range
  const known = new Set(pool.schema.map(({ Name }) => Name));
  const unknown = (names: string[] = []) => names.some((name) => !known.has(name));
  if (unknown(config.ReadAttributes))
    throw invalidParameter('Invalid read attributes specified while creating a client');
  if (unknown(config.WriteAttributes) || config.WriteAttributes?.some(isVerifiedFlag))
    throw invalidParameter('Invalid write attributes specified while creating a client');
  assertScopesExist(cognito, pool, config.AllowedOAuthScopes ?? []);
  if (!config.AllowedOAuthFlows?.includes('client_credentials')) return;
  const reason =
    (!config.GenerateSecret && 'if client does not have a client secret') ||
    (config.AllowedOAuthFlows.length > 1 && 'along with code flow or implicit flow');
  if (reason) throw new AwsError('InvalidOAuthFlowException', `client_credentials flow can not be selected ${reason}.`);
}

/** @param username as the request spells it: the client has hashed that very string */
export function assertSecretHash(client: Client, username: string, secretHash: string | undefined): void {
  if (client.secret === undefined) return;
  if (secretHash === undefined)
    throw notAuthorized(`Client ${client.id} is configured with secret but SECRET_HASH was not received`);
  const expected = createHmac('sha256', client.secret).update(username).update(client.id).digest();
  if (!isSameSecret(expected, Buffer.from(secretHash, 'base64')))
    throw notAuthorized(`Unable to verify secret hash for client ${client.id}`);
}

/** Whether this is the client's secret; a client without one has nothing to prove. */
export const provesClient = ({ secret }: Client, given = ''): boolean =>
  secret === undefined || isSameSecret(secret, given);

const isVerifiedFlag = (name: string) => name === 'email_verified' || name === 'phone_number_verified';

/**
 * Refuses attributes that the client may not write. A client without WriteAttributes may write everything: so says the
 * CDK ("all standard and custom attributes"), while the API reference says "the standard attributes". The laxer reading
 * is the safer one here: a template that forgets WriteAttributes shows its hole on the laptop.
 */
export function assertWritable({ config }: Client, names: readonly string[]): void {
  const refused = names.some((name) => isVerifiedFlag(name) || !(config.WriteAttributes?.includes(name) ?? true));
  if (refused) throw notAuthorized('A client attempted to write unauthorized attribute');
}

/** The attributes that the client may see, `sub` always among them. */
export function readableAttributes({ config }: Client, attributes: Attributes): Attributes {
  const isReadable = (name: string) => name === 'sub' || (config.ReadAttributes?.includes(name) ?? true);
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isReadable(name)));
}

export const preventsUserExistenceErrors = ({ config }: Client): boolean =>
  config.PreventUserExistenceErrors === 'ENABLED';

export function describeClient(client: Client) {
  const { GenerateSecret: _, ...config } = client.config;
  return {
    RefreshTokenValidity: 30,
    EnableTokenRevocation: true,
    AllowedOAuthFlowsUserPoolClient: false,
    AuthSessionValidity: 3,
    ...config,
    ClientId: client.id,
    ...(client.secret !== undefined && { ClientSecret: client.secret }),
    CreationDate: epochSeconds(client.createdAt),
    LastModifiedDate: epochSeconds(client.modifiedAt),
  };
}

/** Of a-z and 0-9, as long as Cognito's ids (26) and secrets (51) are. */
const randomBase36 = (length: number) =>
  BigInt(`0x${randomBytes(length).toString('hex')}`)
    .toString(36)
    .slice(-length);
