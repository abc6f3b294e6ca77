import type {
  AdminCreateUserRequest,
  AdminDeleteUserRequest,
  AdminDisableUserRequest,
  AdminEnableUserRequest,
  AdminGetUserRequest,
  AdminSetUserPasswordRequest,
  AdminUpdateUserAttributesRequest,
  AdminUserGlobalSignOutRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import { AwsError } from '../aws-json.ts';
import { MEDIUM } from './codes.ts';
import type { Cognito } from './context.ts';
import type { User, UserPool, Wire } from './model.ts';
import { generatePassword, passwordPolicy } from './passwords.ts';
import { requirePool } from './pools.ts';
import { fromList } from './schema.ts';
import { deleteUser, revokeAllSessions } from './sessions.ts';
import {
  createUser,
  describeUser,
  describeUserForAdmin,
  requireUser,
  setPassword,
  updateAttributes,
  updateUser,
} from './users.ts';

const DAY_MS = 86_400_000;

export const adminUserOperations = (cognito: Cognito) => {
  const userOf = ({ UserPoolId, Username }: { UserPoolId: string; Username: string }) =>
    requireUser(cognito, requirePool(cognito, UserPoolId), Username);
  return {
    AdminCreateUser: async (input: Wire<AdminCreateUserRequest>) => ({
      User: describeUser(await adminCreateUser(cognito, input)),
    }),
    AdminGetUser: (input: Wire<AdminGetUserRequest>) => describeUserForAdmin(userOf(input)),
    AdminUpdateUserAttributes: (input: Wire<AdminUpdateUserAttributesRequest>) => {
      const pool = requirePool(cognito, input.UserPoolId);
      updateAttributes(cognito, pool, userOf(input), fromList(input.UserAttributes));
    },
    AdminSetUserPassword: async (input: Wire<AdminSetUserPasswordRequest>) => {
      const pool = requirePool(cognito, input.UserPoolId);
      const user = await setPassword(cognito, pool, userOf(input), input.Password);
      if (!input.Permanent) updateUser(cognito, user, temporary(cognito, pool));
    },
    AdminDeleteUser: (input: Wire<AdminDeleteUserRequest>) => deleteUser(cognito, userOf(input)),
    AdminEnableUser: (input: Wire<AdminEnableUserRequest>) => {
      updateUser(cognito, userOf(input), { enabled: true });
    },
    AdminDisableUser: (input: Wire<AdminDisableUserRequest>) => {
      const user = updateUser(cognito, userOf(input), { enabled: false });
      revokeAllSessions(cognito, user);
    },
    AdminUserGlobalSignOut: (input: Wire<AdminUserGlobalSignOutRequest>) => revokeAllSessions(cognito, userOf(input)),
  };
};

async function adminCreateUser(cognito: Cognito, input: Wire<AdminCreateUserRequest>): Promise<User> {
  const pool = requirePool(cognito, input.UserPoolId);
  const password = input.TemporaryPassword ?? generatePassword(pool);
  const user =
    input.MessageAction === 'RESEND'
      ? await replaceTemporaryPassword(cognito, pool, requireUser(cognito, pool, input.Username), password)
      : await createUser(cognito, pool, {
          name: input.Username,
          attributes: fromList(input.UserAttributes),
          password,
          ...temporary(cognito, pool),
        });
  if (input.MessageAction !== 'SUPPRESS') deliverTemporaryPassword(cognito, user, password);
  return user;
}

/** The state of a user who must choose a password at the first sign-in, before the temporary one expires. */
const temporary = ({ now }: Cognito, pool: UserPool) => ({
  status: 'FORCE_CHANGE_PASSWORD' as const,
  temporaryPasswordExpiresAt: now() + (passwordPolicy(pool).TemporaryPasswordValidityDays || 7) * DAY_MS,
});

async function replaceTemporaryPassword(cognito: Cognito, pool: UserPool, user: User, password: string) {
  if (user.status !== 'FORCE_CHANGE_PASSWORD')
    throw new AwsError(
      'UnsupportedUserStateException',
      "Resend not possible. User's status is not FORCE_CHANGE_PASSWORD",
    );
  await setPassword(cognito, pool, user, password);
  return updateUser(cognito, user, temporary(cognito, pool));
}

function deliverTemporaryPassword(cognito: Cognito, user: User, password: string): void {
  const attribute = (['email', 'phone_number'] as const).find((name) => user.attributes[name]);
  if (!attribute) return;
  cognito.deliver({
    purpose: 'temporary-password',
    userPoolId: user.userPoolId,
    username: user.username,
    medium: MEDIUM[attribute],
    destination: user.attributes[attribute]!,
    code: password,
  });
}
