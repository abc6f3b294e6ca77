import type {
  ChangePasswordRequest,
  DeleteUserRequest,
  GetUserAttributeVerificationCodeRequest,
  GetUserRequest,
  GlobalSignOutRequest,
  RevokeTokenRequest,
  UpdateUserAttributesRequest,
  VerifyUserAttributeRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import { AwsError } from '../aws-json.ts';
import { requireCaller } from './access-token.ts';
import { checkPassword } from './attempts.ts';
import { assertWritable, provesClient, readableAttributes, requireClient } from './clients.ts';
import { redeemCode, sendCode } from './codes.ts';
import type { Cognito } from './context.ts';
import { invalidParameter } from './errors.ts';
import type { Attributes, User, UserPool, VerifiableAttribute, Wire } from './model.ts';
import { assertPolicy } from './passwords.ts';
import { attributesOf, fromList, toList } from './schema.ts';
import { deleteUser, findSession, revokeAllSessions, revokeSession } from './sessions.ts';
import { setPassword, updateAttributes, updateUser } from './users.ts';

/** What users do with their own access token. */
export const accountOperations = (cognito: Cognito) => ({
  GetUser: async ({ AccessToken }: Wire<GetUserRequest>) => {
    const { client, user } = await requireCaller(cognito, AccessToken);
    return { Username: user.username, UserAttributes: toList(readableAttributes(client, attributesOf(user))) };
  },
  UpdateUserAttributes: async ({ AccessToken, UserAttributes }: Wire<UpdateUserAttributesRequest>) => {
    const { client, pool, user } = await requireCaller(cognito, AccessToken);
    const changes = fromList(UserAttributes);
    assertWritable(client, Object.keys(changes));
    const updated = updateAttributes(cognito, pool, user, changes);
    const CodeDeliveryDetailsList = addressesToVerify(pool, user, changes).map((attribute) =>
      sendCode(cognito, updated, `verify-${attribute}`, attribute),
    );
    return { CodeDeliveryDetailsList };
  },
  GetUserAttributeVerificationCode: async (input: Wire<GetUserAttributeVerificationCodeRequest>) => {
    const { user } = await requireCaller(cognito, input.AccessToken);
    const attribute = verifiable(input.AttributeName);
    if (!user.attributes[attribute]) throw invalidParameter(`User has no attribute ${attribute}`);
    return { CodeDeliveryDetails: sendCode(cognito, user, `verify-${attribute}`, attribute) };
  },
  VerifyUserAttribute: async (input: Wire<VerifyUserAttributeRequest>) => {
    const { user } = await requireCaller(cognito, input.AccessToken);
    const attribute = verifiable(input.AttributeName);
    redeemCode(cognito, user, `verify-${attribute}`, input.Code);
    updateUser(cognito, user, { attributes: { ...user.attributes, [`${attribute}_verified`]: 'true' } });
  },
  ChangePassword: async (input: Wire<ChangePasswordRequest>) => {
    const { pool, user } = await requireCaller(cognito, input.AccessToken);
    assertPolicy(pool, input.ProposedPassword);
    await checkPassword(cognito, user, input.PreviousPassword ?? '');
    await setPassword(cognito, pool, user, input.ProposedPassword);
  },
  DeleteUser: async ({ AccessToken }: Wire<DeleteUserRequest>) => {
    deleteUser(cognito, (await requireCaller(cognito, AccessToken)).user);
  },
  GlobalSignOut: async ({ AccessToken }: Wire<GlobalSignOutRequest>) => {
    revokeAllSessions(cognito, (await requireCaller(cognito, AccessToken)).user);
  },
  RevokeToken: (input: Wire<RevokeTokenRequest>) => revokeToken(cognito, input),
});

/** Revokes a refresh token and all that came of it. An unknown token is no error (RFC 7009, 2.2). */
function revokeToken(cognito: Cognito, { ClientId, ClientSecret, Token }: Wire<RevokeTokenRequest>): void {
  const { client } = requireClient(cognito, ClientId);
  if (!provesClient(client, ClientSecret)) throw new AwsError('UnauthorizedException', 'Invalid client secret');
  if (client.config.EnableTokenRevocation === false)
    throw new AwsError('UnsupportedOperationException', 'Token revocation is not enabled for this client');
  if (Token.split('.').length === 3) throw new AwsError('UnsupportedTokenTypeException', 'Unsupported token type');
  const session = findSession(cognito, Token);
  if (session?.clientId === client.id) revokeSession(cognito, session);
}

const addressesToVerify = (pool: UserPool, before: User, changes: Attributes): VerifiableAttribute[] =>
  (pool.config.AutoVerifiedAttributes ?? []).filter(
    (name) => changes[name] && changes[name] !== before.attributes[name],
  );

function verifiable(name: string): VerifiableAttribute {
  if (name === 'email' || name === 'phone_number') return name;
  throw invalidParameter(`attribute must be email or phone_number, not ${name}`);
}
