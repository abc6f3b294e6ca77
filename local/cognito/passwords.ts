import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { PasswordPolicyType } from '@aws-sdk/client-cognito-identity-provider';
import { AwsError } from '../aws-json.ts';
import type { StoredPassword, User, UserPool } from './model.ts';
import { srpVerifier } from './srp.ts';

const scryptAsync = promisify(scrypt) as (password: string, salt: Buffer, keyLength: number) => Promise<Buffer>;
const KEY_LENGTH = 32;

/** What a pool asks of passwords when nobody said otherwise. */
const DEFAULT_POLICY: Readonly<PasswordPolicyType> = {
  MinimumLength: 8,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  TemporaryPasswordValidityDays: 7,
};

/** A policy that is given in part leaves out what it does not name; only the length keeps its default. */
export function passwordPolicy(pool: UserPool): PasswordPolicyType {
  const given = pool.config.Policies?.PasswordPolicy;
  return given ? { MinimumLength: 8, TemporaryPasswordValidityDays: 7, ...given } : DEFAULT_POLICY;
}

/** @throws {AwsError} InvalidPasswordException, with the first rule that the password breaks */
export function assertPolicy(pool: UserPool, password: string): void {
  const policy = passwordPolicy(pool);
  const rules: [boolean | undefined, RegExp, string][] = [
    [true, new RegExp(`^.{${policy.MinimumLength},256}$`, 's'), 'Password not long enough'],
    [policy.RequireUppercase, /[A-Z]/, 'Password must have uppercase characters'],
    [policy.RequireLowercase, /[a-z]/, 'Password must have lowercase characters'],
    [policy.RequireNumbers, /[0-9]/, 'Password must have numeric characters'],
    [policy.RequireSymbols, /[-^$*.[\]{}()?"!@#%&/\\,><':;|_~`+= ]/, 'Password must have symbol characters'],
  ];
  const broken = rules.find(([required, pattern]) => required && !pattern.test(password));
  if (broken) throw new AwsError('InvalidPasswordException', `Password did not conform with policy: ${broken[2]}`);
}

export async function hashPassword(user: Pick<User, 'userPoolId' | 'username'>, password: string) {
  const salt = randomBytes(16);
  const hash = await scryptAsync(password, salt, KEY_LENGTH);
  const srp = srpVerifier({ ...user, password, salt: randomBytes(16).toString('hex') });
  return { salt: salt.toString('base64'), hash: hash.toString('base64'), srp } satisfies StoredPassword;
}

export async function verifyPassword(stored: StoredPassword | undefined, password: string): Promise<boolean> {
  if (!stored) return false;
  const hash = await scryptAsync(password, Buffer.from(stored.salt, 'base64'), KEY_LENGTH);
  return timingSafeEqual(hash, Buffer.from(stored.hash, 'base64'));
}

const KINDS = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789', '!@#$%&*?'];

/** A temporary password that satisfies every policy: each kind of character in turn. */
export function generatePassword(pool: UserPool): string {
  const length = Math.max(12, passwordPolicy(pool).MinimumLength ?? 0);
  return Array.from({ length }, (_, i) => KINDS[i % KINDS.length]!)
    .map((kind) => kind[randomInt(kind.length)])
    .join('');
}
