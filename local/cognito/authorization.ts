import type { AccessRequest, OperationAccess, RefusalStyle } from '../iam/index.ts';
import { poolArn } from './pools.ts';

export const refusalStyle: RefusalStyle = { status: 400 };

/** Called by applications that have no AWS credentials: a password, a code or a token in the request speaks for them. */
const UNSIGNED = new Set([
  ...['ChangePassword', 'ConfirmForgotPassword', 'ConfirmSignUp', 'DeleteUser', 'ForgotPassword'],
  ...['GetTokensFromRefreshToken', 'GetUser', 'GetUserAttributeVerificationCode', 'GlobalSignOut', 'InitiateAuth'],
  ...['ResendConfirmationCode', 'RespondToAuthChallenge', 'RevokeToken', 'SignUp', 'UpdateUserAttributes'],
  ...['VerifyUserAttribute'],
]);

const OF_ACCOUNT = new Set(['CreateUserPool', 'ListUserPools']);

/**
 * What an operation asks for.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
 */
export const operationAccess = (operations: readonly string[]): OperationAccess =>
  Object.fromEntries(
    operations.map((name) => [name, (input: { UserPoolId?: string }) => requestsOf(name, input.UserPoolId ?? '')]),
  );

function requestsOf(operation: string, userPoolId: string): AccessRequest[] {
  if (UNSIGNED.has(operation)) return [];
  const resource = OF_ACCOUNT.has(operation) ? '*' : poolArn(userPoolId);
  return [{ action: `cognito-idp:${operation}`, resource }];
}
