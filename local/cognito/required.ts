import { AwsError, type AwsOperation } from '../aws-json.ts';
import { invalidParameter } from './errors.ts';

/** The members that an operation cannot do without, from the service model (as the SDK 3.1162 has it). */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  AddCustomAttributes: ['UserPoolId', 'CustomAttributes'],
  AdminAddUserToGroup: ['UserPoolId', 'Username', 'GroupName'],
  AdminConfirmSignUp: ['UserPoolId', 'Username'],
  AdminCreateUser: ['UserPoolId', 'Username'],
  AdminDeleteUser: ['UserPoolId', 'Username'],
  AdminDisableUser: ['UserPoolId', 'Username'],
  AdminEnableUser: ['UserPoolId', 'Username'],
  AdminGetUser: ['UserPoolId', 'Username'],
  AdminInitiateAuth: ['UserPoolId', 'ClientId', 'AuthFlow'],
  AdminListGroupsForUser: ['Username', 'UserPoolId'],
  AdminRemoveUserFromGroup: ['UserPoolId', 'Username', 'GroupName'],
  AdminRespondToAuthChallenge: ['UserPoolId', 'ClientId', 'ChallengeName'],
  AdminSetUserPassword: ['UserPoolId', 'Username', 'Password'],
  AdminUpdateUserAttributes: ['UserPoolId', 'Username', 'UserAttributes'],
  AdminUserGlobalSignOut: ['UserPoolId', 'Username'],
  ChangePassword: ['ProposedPassword', 'AccessToken'],
  ConfirmForgotPassword: ['ClientId', 'Username', 'ConfirmationCode', 'Password'],
  ConfirmSignUp: ['ClientId', 'Username', 'ConfirmationCode'],
  CreateGroup: ['GroupName', 'UserPoolId'],
  CreateResourceServer: ['UserPoolId', 'Identifier', 'Name'],
  CreateUserPool: ['PoolName'],
  CreateUserPoolClient: ['UserPoolId', 'ClientName'],
  DeleteGroup: ['GroupName', 'UserPoolId'],
  DeleteResourceServer: ['UserPoolId', 'Identifier'],
  DeleteUser: ['AccessToken'],
  DeleteUserPool: ['UserPoolId'],
  DeleteUserPoolClient: ['UserPoolId', 'ClientId'],
  DescribeResourceServer: ['UserPoolId', 'Identifier'],
  DescribeUserPool: ['UserPoolId'],
  DescribeUserPoolClient: ['UserPoolId', 'ClientId'],
  ForgotPassword: ['ClientId', 'Username'],
  GetGroup: ['GroupName', 'UserPoolId'],
  GetTokensFromRefreshToken: ['RefreshToken', 'ClientId'],
  GetUser: ['AccessToken'],
  GetUserAttributeVerificationCode: ['AccessToken', 'AttributeName'],
  GlobalSignOut: ['AccessToken'],
  InitiateAuth: ['AuthFlow', 'ClientId'],
  ListGroups: ['UserPoolId'],
  ListResourceServers: ['UserPoolId'],
  ListUserPoolClients: ['UserPoolId'],
  ListUserPools: ['MaxResults'],
  ListUsers: ['UserPoolId'],
  ListUsersInGroup: ['UserPoolId', 'GroupName'],
  ResendConfirmationCode: ['ClientId', 'Username'],
  RespondToAuthChallenge: ['ClientId', 'ChallengeName'],
  RevokeToken: ['Token', 'ClientId'],
  SignUp: ['ClientId', 'Username'],
  UpdateGroup: ['GroupName', 'UserPoolId'],
  UpdateResourceServer: ['UserPoolId', 'Identifier', 'Name'],
  UpdateUserAttributes: ['UserAttributes', 'AccessToken'],
  UpdateUserPool: ['UserPoolId'],
  UpdateUserPoolClient: ['UserPoolId', 'ClientId'],
  VerifyUserAttribute: ['AccessToken', 'AttributeName', 'Code'],
};

/** The members of other kinds than strings whose kind matters before they are looked at. */
const KINDS: Readonly<Record<string, 'list' | 'number'>> = {
  CustomAttributes: 'list',
  Schema: 'list',
  UserAttributes: 'list',
  Limit: 'number',
  MaxResults: 'number',
};
const OPTIONAL_STRINGS = new Set(['Filter', 'NextToken', 'PaginationToken', 'SecretHash', 'ClientSecret', 'Session']);

/**
 * Lets each operation run only with what it requires. SDK clients in typed languages see to that themselves; others
 * send what they are given, and deserve a refusal that names the member.
 */
export const withRequiredMembers = (operations: Record<string, AwsOperation>): Record<string, AwsOperation> =>
  Object.fromEntries(
    Object.entries(operations).map(([name, run]): [string, AwsOperation] => [
      name,
      (input, call) => run(checkMembers(input, REQUIRED[name] ?? []), call),
    ]),
  );

/** @returns the input without its nulls: in JSON protocols of AWS, null means absent */
function checkMembers(input: unknown, required: readonly string[]): Record<string, unknown> {
  const members = Object.fromEntries(Object.entries(input ?? {}).filter(([, value]) => value !== null));
  const missing = required.find((name) => members[name] === undefined);
  if (missing)
    throw invalidParameter(
      `1 validation error detected: Value null at '${camelCase(missing)}' failed to satisfy constraint: Member must not be null`,
    );
  for (const [name, value] of Object.entries(members)) {
    const expected = KINDS[name] ?? (required.includes(name) || OPTIONAL_STRINGS.has(name) ? 'string' : undefined);
    const actual = Array.isArray(value) ? 'list' : typeof value;
    if (expected && actual !== expected)
      throw new AwsError('SerializationException', `${name} must be of type ${expected}, not ${actual}`);
  }
  return members;
}

const camelCase = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
