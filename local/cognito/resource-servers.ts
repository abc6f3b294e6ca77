import type {
  CreateResourceServerRequest,
  DeleteResourceServerRequest,
  DescribeResourceServerRequest,
  ListResourceServersRequest,
  UpdateResourceServerRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import { AwsError } from '../aws-json.ts';
import type { Cognito } from './context.ts';
import { invalidParameter, resourceNotFound } from './errors.ts';
import type { ResourceServer, UserPool, Wire } from './model.ts';
import { page } from './pages.ts';
import { requirePool } from './pools.ts';

export const resourceServerOperations = (cognito: Cognito) => ({
  CreateResourceServer: (input: Wire<CreateResourceServerRequest>) => {
    if (cognito.store.resourceServers.get(keyOf(input)))
      throw invalidParameter(`${input.Identifier} already exists in user pool ${input.UserPoolId}.`);
    return { ResourceServer: ensureResourceServer(cognito, input).config };
  },
  DescribeResourceServer: (input: Wire<DescribeResourceServerRequest>) => ({
    ResourceServer: requireResourceServer(cognito, input).config,
  }),
  UpdateResourceServer: (input: Wire<UpdateResourceServerRequest>) => {
    requireResourceServer(cognito, input);
    return { ResourceServer: ensureResourceServer(cognito, input).config };
  },
  DeleteResourceServer: (input: Wire<DeleteResourceServerRequest>) => {
    requireResourceServer(cognito, input);
    cognito.store.resourceServers.delete(keyOf(input));
  },
  ListResourceServers: ({ UserPoolId, MaxResults, NextToken }: Wire<ListResourceServersRequest>) => {
    requirePool(cognito, UserPoolId);
    const all = cognito.store.resourceServers.findBy('userPoolId', UserPoolId);
    const { items, next } = page(all, MaxResults, NextToken);
    return { ResourceServers: items.map(({ config }) => config), NextToken: next };
  },
});

const keyOf = (input: { UserPoolId: string; Identifier: string }) => `${input.UserPoolId}/${input.Identifier}`;

/** Makes the resource server what the input says, whether or not it exists. */
export function ensureResourceServer(cognito: Cognito, config: Wire<CreateResourceServerRequest>): ResourceServer {
  const { userPoolId } = requirePool(cognito, config.UserPoolId);
  const now = cognito.now();
  const createdAt = cognito.store.resourceServers.get(keyOf(config))?.createdAt ?? now;
  return cognito.store.resourceServers.put(keyOf(config), { userPoolId, config, createdAt, modifiedAt: now });
}

function requireResourceServer(cognito: Cognito, input: { UserPoolId: string; Identifier: string }): ResourceServer {
  requirePool(cognito, input.UserPoolId);
  const server = cognito.store.resourceServers.get(keyOf(input));
  if (!server) throw resourceNotFound(`Resource server ${input.Identifier} does not exist.`);
  return server;
}

/** The scope that lets an access token call GetUser and its like. */
export const SELF_SERVICE_SCOPE = 'aws.cognito.signin.user.admin';

const STANDARD_SCOPES = new Set(['openid', 'email', 'phone', 'profile', SELF_SERVICE_SCOPE]);

export const isCustomScope = (scope: string): boolean => !STANDARD_SCOPES.has(scope);

export function assertScopesExist({ store }: Cognito, pool: UserPool, scopes: readonly string[]): void {
  const servers = store.resourceServers.findBy('userPoolId', pool.userPoolId).map(({ config }) => config);
  const offered = servers.flatMap(({ Identifier, Scopes }) =>
    (Scopes ?? []).map(({ ScopeName }) => `${Identifier}/${ScopeName}`),
  );
  const missing = scopes.find((scope) => isCustomScope(scope) && !offered.includes(scope));
  if (missing) throw new AwsError('ScopeDoesNotExistException', `Invalid scope requested: ${missing}`);
}
