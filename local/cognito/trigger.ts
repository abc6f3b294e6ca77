import { AwsError } from '../aws-json.ts';
import { LOCAL_REGION } from '../service.ts';
import type { Claims, Roles } from './claims.ts';
import type { Cognito } from './context.ts';
import type { Attributes, Client, UserPool } from './model.ts';
import { poolArn } from './pools.ts';

export type TriggerSource =
  | 'TokenGeneration_Authentication'
  | 'TokenGeneration_NewPasswordChallenge'
  | 'TokenGeneration_RefreshTokens'
  | 'TokenGeneration_ClientCredentials';

export interface TokenRequest {
  readonly pool: UserPool;
  readonly client: Client;
  readonly triggerSource: TriggerSource;
  readonly userName: string;
  readonly userAttributes: Attributes;
  readonly roles: Roles;
  readonly scopes: readonly string[];
  readonly clientMetadata?: Record<string, string> | undefined;
}

export interface ClaimChanges {
  readonly claimsToAddOrOverride?: Claims | null;
  readonly claimsToSuppress?: readonly string[] | null;
}

/** What the trigger wants otherwise, in the words of its response. Functions in many languages send null for nothing. */
export interface TokenOverrides {
  readonly idTokenGeneration?: ClaimChanges | null;
  readonly accessTokenGeneration?: AccessTokenChanges | null;
  readonly groupOverrideDetails?: {
    readonly groupsToOverride?: readonly string[];
    readonly iamRolesToOverride?: readonly string[];
    readonly preferredRole?: string;
  } | null;
}

interface AccessTokenChanges extends ClaimChanges {
  readonly scopesToAdd?: readonly string[] | null;
  readonly scopesToSuppress?: readonly string[] | null;
}

/**
 * Asks the pool's pre-token-generation function, if it has one, what the tokens shall say.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 * @throws {AwsError} UserLambdaValidationException when the function fails: then there is no sign-in
 * @throws {AwsError} UnexpectedLambdaException when Cognito may not invoke it
 */
export async function preTokenGeneration(cognito: Cognito, request: TokenRequest): Promise<TokenOverrides> {
  const trigger = triggerOf(request.pool);
  if (!trigger) return {};
  // Only version 3 hears of machines.
  if (request.triggerSource === 'TokenGeneration_ClientCredentials' && trigger.version !== '3') return {};
  const event = eventOf(request, trigger.version);
  const answer = await invoke(cognito, { ...trigger, poolArn: poolArn(request.pool.userPoolId) }, event);
  if (trigger.version !== '1') return answer.claimsAndScopeOverrideDetails ?? {};
  const { groupOverrideDetails, ...idTokenGeneration } = answer.claimsOverrideDetails ?? {};
  return { idTokenGeneration, ...(groupOverrideDetails && { groupOverrideDetails }) };
}

type Version = '1' | '2' | '3';

function triggerOf({ config }: UserPool): { functionArn: string; version: Version } | undefined {
  const { PreTokenGeneration, PreTokenGenerationConfig } = config.LambdaConfig ?? {};
  const functionArn = PreTokenGenerationConfig?.LambdaArn ?? PreTokenGeneration;
  if (!functionArn) return undefined;
  return { functionArn, version: (PreTokenGenerationConfig?.LambdaVersion ?? 'V1_0').charAt(1) as Version };
}

function eventOf(request: TokenRequest, version: Version) {
  const { pool, client, roles, clientMetadata } = request;
  return {
    version,
    triggerSource: request.triggerSource,
    region: LOCAL_REGION,
    userPoolId: pool.userPoolId,
    userName: request.userName,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: client.id },
    request: {
      userAttributes: request.userAttributes,
      groupConfiguration: {
        groupsToOverride: roles.groups,
        iamRolesToOverride: roles.roles,
        preferredRole: roles.preferredRole,
      },
      ...(version !== '1' && { scopes: request.scopes }),
      ...(clientMetadata && { clientMetadata }),
    },
    response: version === '1' ? { claimsOverrideDetails: null } : { claimsAndScopeOverrideDetails: null },
  };
}

interface Answer {
  readonly claimsOverrideDetails?: (ClaimChanges & Pick<TokenOverrides, 'groupOverrideDetails'>) | null;
  readonly claimsAndScopeOverrideDetails?: TokenOverrides | null;
}

interface TriggerOfPool {
  readonly functionArn: string;
  readonly poolArn: string;
}

async function invoke(cognito: Cognito, { functionArn, poolArn }: TriggerOfPool, event: unknown): Promise<Answer> {
  let returned: unknown;
  try {
    returned = await cognito.invokeLambda(functionArn, event, poolArn);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'AccessDeniedException') throw notPermitted(error);
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError('UserLambdaValidationException', `PreTokenGeneration failed with error ${reason}.`);
  }
  const response = (returned as { response?: unknown } | null | undefined)?.response;
  if (typeof response !== 'object' || response === null)
    throw new AwsError('InvalidLambdaResponseException', 'Unrecognizable lambda output');
  return response;
}

/** The function's policy does not let Cognito invoke it for this pool. */
const notPermitted = ({ code }: AwsError): AwsError =>
  new AwsError('UnexpectedLambdaException', `PreTokenGeneration invocation failed due to error ${code}.`);

/** What no trigger can change; a value given for one of these is passed over, as on AWS. */
const RESERVED = new Set([
  ...['acr', 'amr', 'at_hash', 'auth_time', 'azp', 'exp', 'iat', 'iss', 'jti', 'nbf', 'nonce', 'origin_jti', 'sub'],
  ...['token_use', 'identities', 'aud', 'cognito:username'],
  ...['username', 'client_id', 'scope', 'device_key', 'event_id', 'version'],
]);

export function overrideClaims(claims: Claims, changes: ClaimChanges | null | undefined): Claims {
  const changed = { ...claims };
  for (const name of changes?.claimsToSuppress ?? []) if (!RESERVED.has(name)) delete changed[name];
  for (const [name, value] of Object.entries(changes?.claimsToAddOrOverride ?? {}))
    if (!RESERVED.has(name)) changed[name] = value;
  return changed;
}

/** The scopes that begin with `aws.cognito` can be taken away, never given. */
export function overrideScopes(scopes: readonly string[], overrides: TokenOverrides): string[] {
  const { scopesToAdd, scopesToSuppress } = overrides.accessTokenGeneration ?? {};
  const added = (scopesToAdd ?? []).filter((scope) => !scope.startsWith('aws.cognito') && !/\s/.test(scope));
  return [...new Set([...scopes, ...added])].filter((scope) => !scopesToSuppress?.includes(scope));
}

export function overrideRoles(roles: Roles, { groupOverrideDetails }: TokenOverrides): Roles {
  return {
    groups: groupOverrideDetails?.groupsToOverride ?? roles.groups,
    roles: groupOverrideDetails?.iamRolesToOverride ?? roles.roles,
    preferredRole: groupOverrideDetails?.preferredRole ?? roles.preferredRole,
  };
}
