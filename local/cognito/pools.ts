import { randomInt } from 'node:crypto';
import type {
  AddCustomAttributesRequest,
  CreateUserPoolRequest,
  DeleteUserPoolRequest,
  DescribeUserPoolRequest,
  ListUserPoolsRequest,
  UpdateUserPoolRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';
import type { Cognito } from './context.ts';
import { invalidParameter, resourceNotFound } from './errors.ts';
import type { UserPool, Wire } from './model.ts';
import { epochSeconds, page } from './pages.ts';
import { passwordPolicy } from './passwords.ts';
import { customAttribute, isStandard, schemaOf } from './schema.ts';

/** What a pool is administered by, and acts in the name of. */
export const poolArn = (userPoolId: string): string =>
  `arn:aws:cognito-idp:${LOCAL_REGION}:${LOCAL_ACCOUNT}:userpool/${userPoolId}`;

export const poolOperations = (cognito: Cognito) => ({
  CreateUserPool: (input: Wire<CreateUserPoolRequest>) => {
    const pool = createPool(cognito, `${LOCAL_REGION}_${randomSuffix()}`, input);
    return { UserPool: describePool(cognito, pool) };
  },
  DescribeUserPool: ({ UserPoolId }: Wire<DescribeUserPoolRequest>) => ({
    UserPool: describePool(cognito, requirePool(cognito, UserPoolId)),
  }),
  UpdateUserPool: ({ UserPoolId, PoolName, ...input }: Wire<UpdateUserPoolRequest>) => {
    const pool = requirePool(cognito, UserPoolId);
    updatePool(cognito, pool, { ...input, PoolName: PoolName ?? pool.config.PoolName });
  },
  AddCustomAttributes: ({ UserPoolId, CustomAttributes }: Wire<AddCustomAttributesRequest>) => {
    const pool = requirePool(cognito, UserPoolId);
    const added = CustomAttributes.map(customAttribute);
    const clash = added.find(({ Name }) => pool.schema.some((known) => known.Name === Name));
    if (clash) throw invalidParameter(`custom attribute already exists: ${clash.Name}`);
    cognito.store.pools.put(UserPoolId, { ...pool, schema: [...pool.schema, ...added], modifiedAt: cognito.now() });
  },
  DeleteUserPool: async ({ UserPoolId }: Wire<DeleteUserPoolRequest>) => {
    requirePool(cognito, UserPoolId);
    await deletePool(cognito, UserPoolId);
  },
  ListUserPools: ({ MaxResults, NextToken }: Wire<ListUserPoolsRequest>) => {
    const { items, next } = page(cognito.store.pools.all(), MaxResults, NextToken);
    return { UserPools: items.map(summarizePool), NextToken: next };
  },
});

export function requirePool({ store }: Cognito, userPoolId: string): UserPool {
  const pool = store.pools.get(userPoolId);
  if (!pool) throw resourceNotFound(`User pool ${userPoolId} does not exist.`);
  return pool;
}

/**
 * Makes the pool of that id what the template says, whether or not an earlier run made it already. The schema only
 * grows, as on AWS; users keep what they have.
 */
export function ensurePool(cognito: Cognito, id: string, input: Wire<CreateUserPoolRequest>): UserPool {
  const known = cognito.store.pools.get(id);
  if (!known) return createPool(cognito, id, input);
  assertUnchanged(known, input);
  const pool = updatePool(cognito, known, input);
  const added = schemaOf(input.Schema).filter(({ Name }) => !known.schema.some((old) => old.Name === Name));
  return cognito.store.pools.put(id, { ...pool, schema: [...known.schema, ...added] });
}

/** CloudFormation replaces a pool for these, and its users with it; here the developer decides. */
function assertUnchanged(pool: UserPool, input: Wire<CreateUserPoolRequest>): void {
  const names = ({ UsernameAttributes = [], UsernameConfiguration }: Wire<CreateUserPoolRequest>) =>
    JSON.stringify([UsernameAttributes, UsernameConfiguration?.CaseSensitive ?? true]);
  const changed = schemaOf(input.Schema).find(({ Name, Mutable, AttributeDataType }) =>
    pool.schema.some(
      (old) => old.Name === Name && (old.Mutable !== Mutable || old.AttributeDataType !== AttributeDataType),
    ),
  );
  const what = changed ? `the attribute ${changed.Name}` : names(input) !== names(pool.config) && 'how users sign in';
  if (what) throw invalidParameter(`${what} of user pool ${pool.userPoolId} cannot be changed; delete the pool first`);
}

function createPool(cognito: Cognito, id: string, input: Wire<CreateUserPoolRequest>): UserPool {
  assertEmulated(input);
  const required = input.Schema?.find(({ Name, Required }) => Required && !isStandard(Name ?? ''));
  if (required) throw invalidParameter('Required custom attributes are not supported currently.');
  void cognito.keys.of(id).catch(() => {}); // begun now, awaited by the first token
  const now = cognito.now();
  const pool = { userPoolId: id, config: input, schema: schemaOf(input.Schema), createdAt: now, modifiedAt: now };
  return cognito.store.pools.put(id, pool);
}

/** What an update leaves out falls back to its default, as on AWS; what cannot be changed is kept. */
function updatePool(cognito: Cognito, pool: UserPool, input: Wire<CreateUserPoolRequest>): UserPool {
  assertEmulated(input);
  const { UsernameAttributes, UsernameConfiguration, Schema } = pool.config;
  const fixed = Object.entries({ UsernameAttributes, UsernameConfiguration, Schema });
  const config = { ...input, ...Object.fromEntries(fixed.filter(([, value]) => value !== undefined)) };
  return cognito.store.pools.put(pool.userPoolId, { ...pool, config, modifiedAt: cognito.now() });
}

/** Says no to what would otherwise be ignored in silence, and then behave differently on AWS. */
function assertEmulated(input: Wire<CreateUserPoolRequest>): void {
  if (input.MfaConfiguration === 'ON') throw invalidParameter('MfaConfiguration ON is not emulated');
  if (input.AliasAttributes?.length) throw invalidParameter('AliasAttributes are not emulated');
  const length = input.Policies?.PasswordPolicy?.MinimumLength ?? 8;
  if (length < 6 || length > 99) throw invalidParameter('MinimumLength must be between 6 and 99');
}

async function deletePool({ store, keys }: Cognito, id: string): Promise<void> {
  for (const { id: key } of store.clients.findBy('userPoolId', id)) store.clients.delete(key);
  for (const { config } of store.groups.findBy('userPoolId', id)) store.groups.delete(`${id}/${config.GroupName}`);
  for (const { config } of store.resourceServers.findBy('userPoolId', id))
    store.resourceServers.delete(`${id}/${config.Identifier}`);
  for (const { sub } of store.users.findBy('userPoolId', id)) store.users.delete(sub);
  for (const { originJti } of store.sessions.findBy('userPoolId', id)) store.sessions.delete(originJti);
  for (const challenge of store.challenges.findBy('userPoolId', id)) store.challenges.delete(challenge.id);
  store.pools.delete(id);
  await keys.delete(id);
}

export function describePool({ store }: Cognito, pool: UserPool) {
  const { Schema: _, ...config } = pool.config;
  return {
    MfaConfiguration: 'OFF',
    UserPoolTier: 'ESSENTIALS',
    ...config,
    ...summarizePool(pool),
    Arn: poolArn(pool.userPoolId),
    Policies: { ...config.Policies, PasswordPolicy: passwordPolicy(pool) },
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, ...config.AdminCreateUserConfig },
    SchemaAttributes: pool.schema,
    EstimatedNumberOfUsers: store.users.findBy('userPoolId', pool.userPoolId).length,
  };
}

const summarizePool = ({ userPoolId, config, createdAt, modifiedAt }: UserPool) => ({
  Id: userPoolId,
  Name: config.PoolName,
  LambdaConfig: config.LambdaConfig ?? {},
  CreationDate: epochSeconds(createdAt),
  LastModifiedDate: epochSeconds(modifiedAt),
});

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const randomSuffix = () => Array.from({ length: 9 }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]).join('');
