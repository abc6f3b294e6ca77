import type {
  AdminConfirmSignUpRequest,
  ConfirmSignUpRequest,
  ResendConfirmationCodeRequest,
  SignUpRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import { assertSecretHash, assertWritable, preventsUserExistenceErrors, requireClient } from './clients.ts';
import { attributeToVerify, deliveryDetails, redeemCode, sendCode } from './codes.ts';
import type { Cognito } from './context.ts';
import { expiredCode, invalidParameter, notAuthorized, userNotFound } from './errors.ts';
import type { User, UserPool, Wire } from './model.ts';
import { requirePool } from './pools.ts';
import { fromList } from './schema.ts';
import { createUser, findUser, requireUser, updateUser } from './users.ts';

export const signUpOperations = (cognito: Cognito) => ({
  SignUp: (input: Wire<SignUpRequest>) => signUp(cognito, input),
  ConfirmSignUp: (input: Wire<ConfirmSignUpRequest>) => confirmSignUp(cognito, input),
  ResendConfirmationCode: (input: Wire<ResendConfirmationCodeRequest>) => resendCode(cognito, input),
  AdminConfirmSignUp: ({ UserPoolId, Username }: Wire<AdminConfirmSignUpRequest>) => {
    const user = requireUser(cognito, requirePool(cognito, UserPoolId), Username);
    assertUnconfirmed(user);
    updateUser(cognito, user, { status: 'CONFIRMED' });
  },
});

async function signUp(cognito: Cognito, input: Wire<SignUpRequest>) {
  const { client, pool } = requireClient(cognito, input.ClientId);
  assertSecretHash(client, input.Username, input.SecretHash);
  if (pool.config.AdminCreateUserConfig?.AllowAdminCreateUserOnly)
    throw notAuthorized('SignUp is not permitted for this user pool');
  if (input.Password === undefined) throw invalidParameter('Password is required');
  const attributes = fromList(input.UserAttributes);
  assertWritable(client, Object.keys(attributes));
  const wanted = { name: input.Username, attributes, password: input.Password, status: 'UNCONFIRMED' } as const;
  const user = await createUser(cognito, pool, wanted);
  return { UserConfirmed: false, UserSub: user.sub, ...sendSignUpCode(cognito, pool, user) };
}

/** Sends nothing where the pool verifies nothing: an administrator confirms such users. */
function sendSignUpCode(cognito: Cognito, pool: UserPool, user: User) {
  const attribute = attributeToVerify(pool, user);
  return attribute ? { CodeDeliveryDetails: sendCode(cognito, user, 'sign-up', attribute) } : {};
}

function confirmSignUp(cognito: Cognito, input: Wire<ConfirmSignUpRequest>): void {
  const { client, pool } = requireClient(cognito, input.ClientId);
  assertSecretHash(client, input.Username, input.SecretHash);
  const user = findUser(cognito, pool, input.Username);
  if (!user) throw preventsUserExistenceErrors(client) ? expiredCode() : noSuchUsername();
  assertUnconfirmed(user);
  const { attribute } = redeemCode(cognito, user, 'sign-up', input.ConfirmationCode);
  const attributes = { ...user.attributes, [`${attribute}_verified`]: 'true' };
  updateUser(cognito, user, { status: 'CONFIRMED', attributes });
}

function resendCode(cognito: Cognito, input: Wire<ResendConfirmationCodeRequest>) {
  const { client, pool } = requireClient(cognito, input.ClientId);
  assertSecretHash(client, input.Username, input.SecretHash);
  const user = findUser(cognito, pool, input.Username);
  if (!user && preventsUserExistenceErrors(client))
    return { CodeDeliveryDetails: deliveryDetails('email', input.Username) };
  if (!user) throw noSuchUsername();
  if (user.status !== 'UNCONFIRMED') throw invalidParameter('User is already confirmed.');
  return sendSignUpCode(cognito, pool, user);
}

function assertUnconfirmed(user: User): void {
  if (user.status !== 'UNCONFIRMED') throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`);
}

const noSuchUsername = () => userNotFound('Username/client id combination not found.');
