import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-json.ts';
import type { Cognito } from './context.ts';
import { invalidParameter, userNotFound } from './errors.ts';
import type { Attributes, User, UserPool, VerifiableAttribute } from './model.ts';
import { epochSeconds } from './pages.ts';
import { assertPolicy, hashPassword } from './passwords.ts';
import { assertComplete, assertConforms, assertMutable, attributesOf, mergeAttributes, toList } from './schema.ts';
import type { UserName } from './store.ts';

/** Finds a user by username, `sub`, or an attribute that the pool lets users sign in with. */
export function findUser({ store }: Cognito, pool: UserPool, name: string): User | undefined {
  const isSame = (value: string | undefined) =>
    pool.config.UsernameConfiguration?.CaseSensitive === false
      ? value?.toLowerCase() === name.toLowerCase()
      : value === name;
  const signInAttributes = pool.config.UsernameAttributes ?? [];
  const paths: UserName[] = ['username', 'sub', ...signInAttributes.map((n) => `attributes.${n}` as const)];
  const namesOf = (user: User) => [user.username, user.sub, ...signInAttributes.map((n) => user.attributes[n])];
  return paths
    .flatMap((path) => store.users.findBy(path, name))
    .find((user) => user.userPoolId === pool.userPoolId && namesOf(user).some(isSame));
}

export function requireUser(cognito: Cognito, pool: UserPool, name: string): User {
  const user = findUser(cognito, pool, name);
  if (!user) throw userNotFound();
  return user;
}

export interface NewUser {
  /** What the request calls the username; an e-mail address where the pool signs users in by it. */
  readonly name: string;
  readonly attributes: Attributes;
  readonly password: string;
  readonly status: User['status'];
  readonly temporaryPasswordExpiresAt?: number;
}

export async function createUser(cognito: Cognito, pool: UserPool, wanted: NewUser): Promise<User> {
  const { name, password, ...facts } = wanted;
  const identity = identify(pool, name, wanted.attributes);
  assertConforms(pool, identity.attributes);
  assertComplete(pool, identity.attributes);
  assertPolicy(pool, password);
  const { userPoolId } = pool;
  const stored = await hashPassword({ userPoolId, username: identity.username }, password);
  // From here on nothing is awaited: of two requests for one name, the second finds the first.
  if (findUser(cognito, pool, name)) throw new AwsError('UsernameExistsException', 'User already exists');
  assertSignInNamesFree(cognito, pool, identity, 'UsernameExistsException');
  const now = cognito.now();
  const fresh = { userPoolId, groups: [], enabled: true, codes: {}, createdAt: now, modifiedAt: now };
  return cognito.store.users.put(identity.sub, { ...fresh, ...facts, ...identity, password: stored });
}

const LOOKS_LIKE: Record<VerifiableAttribute, RegExp> = { email: /^[^\s@]+@[^\s@]+$/, phone_number: /^\+\d{2,15}$/ };

function identify(pool: UserPool, name: string, given: Attributes): Pick<User, 'username' | 'sub' | 'attributes'> {
  const sub = randomUUID();
  const signInAttributes = pool.config.UsernameAttributes ?? [];
  if (signInAttributes.length === 0) return { username: name, sub, attributes: mergeAttributes({}, given) };
  const attribute = signInAttributes.find((candidate) => LOOKS_LIKE[candidate].test(name));
  if (!attribute) {
    const wanted = signInAttributes.map((a) => (a === 'email' ? 'an email' : 'a phone number')).join(' or ');
    throw invalidParameter(`Username should be ${wanted}.`);
  }
  return { username: sub, sub, attributes: mergeAttributes({}, { ...given, [attribute]: name }) };
}

/** Nobody else may hold an address that the pool signs users in by. */
function assertSignInNamesFree(
  cognito: Cognito,
  pool: UserPool,
  user: Pick<User, 'sub' | 'attributes'>,
  code: 'UsernameExistsException' | 'AliasExistsException',
): void {
  for (const attribute of pool.config.UsernameAttributes ?? []) {
    const holder = user.attributes[attribute] && findUser(cognito, pool, user.attributes[attribute]);
    if (holder && holder.sub !== user.sub)
      throw new AwsError(code, `An account with the given ${attribute} already exists.`);
  }
}

/** Writes changes over the user as it is now, not as the caller read it before it awaited something. */
export function updateUser({ store, now }: Cognito, { sub }: Pick<User, 'sub'>, changes: Partial<User>): User {
  const user = store.users.get(sub);
  if (!user) throw userNotFound();
  return store.users.put(sub, { ...user, ...changes, modifiedAt: now() });
}

export function updateAttributes(cognito: Cognito, pool: UserPool, user: User, changes: Attributes): User {
  assertConforms(pool, changes);
  assertMutable(pool, Object.keys(changes));
  const attributes = mergeAttributes(user.attributes, changes);
  assertComplete(pool, attributes);
  assertSignInNamesFree(cognito, pool, { sub: user.sub, attributes }, 'AliasExistsException');
  return updateUser(cognito, user, { attributes });
}

/** Gives the user a password to keep. Who has one is confirmed, and is forgiven the failed sign-ins. */
export async function setPassword(cognito: Cognito, pool: UserPool, user: User, password: string): Promise<User> {
  assertPolicy(pool, password);
  const stored = await hashPassword(user, password);
  const forgiven = { temporaryPasswordExpiresAt: undefined, failedSignIns: undefined };
  return updateUser(cognito, user, { password: stored, status: 'CONFIRMED', ...forgiven });
}

const shared = (user: User) => ({
  Username: user.username,
  UserCreateDate: epochSeconds(user.createdAt),
  UserLastModifiedDate: epochSeconds(user.modifiedAt),
  Enabled: user.enabled,
  UserStatus: user.status,
});

/** A user as lists and AdminCreateUser show it. */
export const describeUser = (user: User) => ({ ...shared(user), Attributes: toList(attributesOf(user)) });

/** A user as AdminGetUser shows it: the same, under another name. */
export const describeUserForAdmin = (user: User) => ({ ...shared(user), UserAttributes: toList(attributesOf(user)) });
