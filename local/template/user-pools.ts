import type {
  CreateGroupRequest,
  CreateResourceServerRequest,
  CreateUserPoolClientRequest,
  CreateUserPoolRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import type { CognitoService } from '../cognito/index.ts';
import { LOCAL_REGION } from '../service.ts';
import { ALPHANUMERIC, generatedId, LOWER_ALPHANUMERIC, physicalName } from './names.ts';
import { arn, type Identify, propertiesOf, type Resource } from './resource.ts';

/** Drawn in the shape that AWS's own IDs have, so that verifiers of tokens accept the issuer as it is. */
export const poolIdentity: Identify = (resource) => {
  const id = `${LOCAL_REGION}_${generatedId(resource, ALPHANUMERIC, 9)}`;
  const provider = `cognito-idp.${LOCAL_REGION}.amazonaws.com/${id}`;
  return {
    physicalName: id,
    ref: id,
    attributes: {
      Arn: arn('cognito-idp', `userpool/${id}`),
      ProviderName: provider,
      ProviderURL: `https://${provider}`,
      UserPoolId: id,
    },
  };
};

export const clientIdentity: Identify = (resource) => {
  const id = generatedId(resource, LOWER_ALPHANUMERIC, 26);
  return { physicalName: id, ref: id, attributes: { ClientId: id } };
};

export const groupIdentity: Identify = (resource) => {
  const name = resource.explicitName('GroupName') ?? physicalName(resource, 128);
  return { physicalName: name, ref: name, attributes: {} };
};

export interface DeclaredUserPools {
  readonly pools: readonly Resource[];
  readonly groups: readonly Resource[];
  readonly resourceServers: readonly Resource[];
  readonly clients: readonly Resource[];
}

/** Properties of these types are the members of the requests, but for what the functions below say. */
export function applyUserPools(
  { pools, groups, resourceServers, clients }: DeclaredUserPools,
  cognito: CognitoService,
): void {
  for (const pool of pools) cognito.ensureUserPool(poolRequest(pool));
  for (const group of groups) {
    cognito.ensureGroup({ ...propertiesOf<CreateGroupRequest>(group), GroupName: group.physicalName });
  }
  for (const server of resourceServers) cognito.ensureResourceServer(propertiesOf<CreateResourceServerRequest>(server));
  for (const client of clients) cognito.ensureUserPoolClient(clientRequest(client)); // its scopes name the servers
}

function poolRequest({ physicalName: id, properties }: Resource): CreateUserPoolRequest & { id: string } {
  const { UserPoolName = id, UserPoolTags: _, EnabledMfas: __, ...settings } = properties;
  return { id, PoolName: String(UserPoolName), ...settings };
}

function clientRequest({ physicalName: id, properties }: Resource): CreateUserPoolClientRequest & { id: string } {
  const { ClientName = id, UserPoolId, ...settings } = properties;
  return { id, ClientName: String(ClientName), UserPoolId: String(UserPoolId), ...settings };
}

/** The pool and the client through which a person signs in with a password: what the local cloud tells of. */
export interface PasswordClient {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly issuer: string;
}

/** @returns undefined where the template declares no such client */
export function passwordClient(clients: readonly Resource[]): PasswordClient | undefined {
  const client = clients.find((declared) => {
    const { GenerateSecret, ExplicitAuthFlows } = propertiesOf<CreateUserPoolClientRequest>(declared);
    return !GenerateSecret && ExplicitAuthFlows?.includes('ALLOW_USER_PASSWORD_AUTH');
  });
  if (!client) return undefined;
  const userPoolId = String(client.properties.UserPoolId);
  const issuer = `https://cognito-idp.${LOCAL_REGION}.amazonaws.com/${userPoolId}`;
  return { userPoolId, clientId: client.physicalName, issuer };
}
