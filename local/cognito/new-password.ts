import { closeChallenge, requireChallenge } from './challenges.ts';
import { assertWritable } from './clients.ts';
import { type AuthRequest, completeSignIn, requireParameter } from './complete-sign-in.ts';
import type { Cognito } from './context.ts';
import { userDisabled, userNotFound } from './errors.ts';
import type { Attributes } from './model.ts';
import { assertPolicy } from './passwords.ts';
import { assertComplete } from './schema.ts';
import { setPassword, updateAttributes } from './users.ts';

const ATTRIBUTE_PREFIX = 'userAttributes.';

/** The answer to NEW_PASSWORD_REQUIRED: the password to keep, and attributes that the user may still owe. */
export async function answerNewPassword(cognito: Cognito, request: AuthRequest) {
  const { pool, client, clientMetadata } = request;
  const challenge = requireChallenge(cognito, client, 'NEW_PASSWORD_REQUIRED', request.session);
  const user = cognito.store.users.get(challenge.sub ?? '');
  if (!user) throw userNotFound();
  if (!user.enabled) throw userDisabled();
  const password = requireParameter(request, 'NEW_PASSWORD');
  const attributes = attributesIn(request);
  assertWritable(client, Object.keys(attributes));
  assertPolicy(pool, password); // before the session is spent: a refused password may be followed by another
  assertComplete(pool, { ...user.attributes, ...attributes });
  if (Object.keys(attributes).length > 0) updateAttributes(cognito, pool, user, attributes);
  closeChallenge(cognito, challenge);
  const confirmed = await setPassword(cognito, pool, user, password);
  const triggerSource = 'TokenGeneration_NewPasswordChallenge';
  return completeSignIn(cognito, { pool, client, user: confirmed, triggerSource, clientMetadata });
}

const attributesIn = ({ parameters }: AuthRequest): Attributes =>
  Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => name.startsWith(ATTRIBUTE_PREFIX))
      .map(([name, value]) => [name.slice(ATTRIBUTE_PREFIX.length), value]),
  );
