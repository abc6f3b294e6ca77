import type { Cognito } from './context.ts';
import { notAuthorized, userNotFound, wrongCredentials } from './errors.ts';
import type { User } from './model.ts';
import { verifyPassword } from './passwords.ts';
import { updateUser } from './users.ts';

const FREE_ATTEMPTS = 5;
const LONGEST_LOCK_MS = 15 * 60_000;

/**
 * Checks a password and counts the failures: the fifth locks the user for a second, each one after it for twice as
 * long, up to 15 minutes; a lock that ended 15 minutes ago is forgotten.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html#authentication-flow-lockout-behavior
 */
export async function checkPassword(cognito: Cognito, user: User, password: string): Promise<void> {
  assertNotLocked(cognito, user);
  settleAttempt(cognito, user, await verifyPassword(user.password, password));
}

/** Records how an attempt ended. Looks at the user anew: other attempts may have failed in the meantime. */
export function settleAttempt(cognito: Cognito, { sub }: User, succeeded: boolean): void {
  const user = cognito.store.users.get(sub);
  if (!user) throw userNotFound();
  assertNotLocked(cognito, user);
  if (!succeeded) {
    updateUser(cognito, user, { failedSignIns: oneMore(user, cognito.now()) });
    throw wrongCredentials();
  }
  if (user.failedSignIns) updateUser(cognito, user, { failedSignIns: undefined });
}

export function assertNotLocked({ now }: Cognito, { failedSignIns }: User): void {
  if (failedSignIns && now() < failedSignIns.lockedUntil) throw notAuthorized('Password attempts exceeded');
}

function oneMore({ failedSignIns }: User, now: number) {
  const { count, lockedUntil } = failedSignIns ?? { count: 0, lockedUntil: now };
  const failures = (now - lockedUntil >= LONGEST_LOCK_MS ? 0 : count) + 1;
  const lockMs = failures < FREE_ATTEMPTS ? 0 : Math.min(1000 * 2 ** (failures - FREE_ATTEMPTS), LONGEST_LOCK_MS);
  return { count: failures, lockedUntil: now + lockMs };
}
