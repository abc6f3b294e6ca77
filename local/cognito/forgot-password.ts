import type { ConfirmForgotPasswordRequest, ForgotPasswordRequest } from '@aws-sdk/client-cognito-identity-provider';
import { assertSecretHash, preventsUserExistenceErrors, requireClient } from './clients.ts';
import { deliveryDetails, redeemCode, sendCode } from './codes.ts';
import type { Cognito } from './context.ts';
import { codeMismatch, invalidParameter, notAuthorized, userDisabled, userNotFound } from './errors.ts';
import type { User, Wire } from './model.ts';
import { assertPolicy } from './passwords.ts';
import { findUser, setPassword } from './users.ts';

export const forgotPasswordOperations = (cognito: Cognito) => ({
  ForgotPassword: (input: Wire<ForgotPasswordRequest>) => ({ CodeDeliveryDetails: forgotPassword(cognito, input) }),
  ConfirmForgotPassword: (input: Wire<ConfirmForgotPasswordRequest>) => confirmForgotPassword(cognito, input),
});

/** With PreventUserExistenceErrors, a user who does not exist or cannot be reached gets the same answer as any other. */
function forgotPassword(cognito: Cognito, input: Wire<ForgotPasswordRequest>) {
  const { client, pool } = requireClient(cognito, input.ClientId);
  assertSecretHash(client, input.Username, input.SecretHash);
  const user = findUser(cognito, pool, input.Username);
  const refusal = user ? whyNot(user) : userNotFound('Username/client id combination not found.');
  if (refusal && preventsUserExistenceErrors(client)) return deliveryDetails('email', input.Username);
  if (refusal) throw refusal;
  return sendCode(cognito, user!, 'forgot-password', verifiedAttribute(user!)!);
}

function whyNot(user: User) {
  if (!user.enabled) return userDisabled();
  if (user.status === 'FORCE_CHANGE_PASSWORD')
    return notAuthorized('User password cannot be reset in the current state.');
  if (!verifiedAttribute(user))
    return invalidParameter(
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
    );
  return undefined;
}

const verifiedAttribute = ({ attributes }: User) =>
  (['email', 'phone_number'] as const).find((name) => attributes[name] && attributes[`${name}_verified`] === 'true');

async function confirmForgotPassword(cognito: Cognito, input: Wire<ConfirmForgotPasswordRequest>): Promise<void> {
  const { client, pool } = requireClient(cognito, input.ClientId);
  assertSecretHash(client, input.Username, input.SecretHash);
  assertPolicy(pool, input.Password); // before the code is spent: the user may try another password with it
  const user = findUser(cognito, pool, input.Username);
  if (!user) throw preventsUserExistenceErrors(client) ? codeMismatch() : userNotFound();
  if (!user.enabled) throw userDisabled();
  redeemCode(cognito, user, 'forgot-password', input.ConfirmationCode);
  await setPassword(cognito, pool, user, input.Password);
}
