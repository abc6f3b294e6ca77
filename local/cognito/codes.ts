import { AwsError } from '../aws-json.ts';
import { isSameSecret } from './constant-time.ts';
import type { Cognito } from './context.ts';
import { codeMismatch, expiredCode } from './errors.ts';
import type { Code, CodePurpose, User, UserPool, VerifiableAttribute } from './model.ts';
import { updateUser } from './users.ts';

const HOUR_MS = 3_600_000;
const MAX_WRONG_GUESSES = 5;

/** @see https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html */
const LIFETIME_MS: Record<CodePurpose, number> = {
  'sign-up': 24 * HOUR_MS,
  'verify-email': 24 * HOUR_MS,
  'verify-phone_number': 24 * HOUR_MS,
  'forgot-password': HOUR_MS,
};

/** Makes a code, which replaces an earlier one of the same purpose, and hands it to whoever listens to `onCode`. */
export function sendCode(cognito: Cognito, user: User, purpose: CodePurpose, attribute: VerifiableAttribute) {
  const destination = user.attributes[attribute]!;
  const value = cognito.codes(destination);
  const code = { value, attribute, expiresAt: cognito.now() + LIFETIME_MS[purpose], wrongGuesses: 0 };
  const { userPoolId, username } = updateUser(cognito, user, { codes: { ...user.codes, [purpose]: code } });
  cognito.deliver({ purpose, userPoolId, username, medium: MEDIUM[attribute], destination, code: value });
  return deliveryDetails(attribute, destination);
}

export const MEDIUM = { email: 'EMAIL', phone_number: 'SMS' } as const;

/** What a client learns of a delivery: the medium, and of the address only its shape. */
export const deliveryDetails = (attribute: VerifiableAttribute, destination: string) => ({
  AttributeName: attribute,
  DeliveryMedium: MEDIUM[attribute],
  Destination:
    attribute === 'email' ? destination.replace(/^(.)[^@]*@(.).*$/, '$1***@$2***') : `+*******${destination.slice(-4)}`,
});

/** The attribute that a new user proves first: Cognito prefers the phone number. */
export const attributeToVerify = (pool: UserPool, user: User): VerifiableAttribute | undefined =>
  (['phone_number', 'email'] as const).find(
    (name) => pool.config.AutoVerifiedAttributes?.includes(name) && user.attributes[name],
  );

/**
 * Takes a code back, once.
 * @throws {AwsError} CodeMismatchException, ExpiredCodeException, or LimitExceededException after five wrong guesses
 */
export function redeemCode(cognito: Cognito, user: User, purpose: CodePurpose, given: string): Code {
  const { [purpose]: code, ...others } = user.codes;
  if (!code || code.expiresAt <= cognito.now()) throw expiredCode();
  if (code.wrongGuesses >= MAX_WRONG_GUESSES)
    throw new AwsError('LimitExceededException', 'Attempt limit exceeded, please try after some time.');
  if (!isSameSecret(code.value, given)) {
    updateUser(cognito, user, { codes: { ...others, [purpose]: { ...code, wrongGuesses: code.wrongGuesses + 1 } } });
    throw codeMismatch();
  }
  updateUser(cognito, user, { codes: others });
  return code;
}
