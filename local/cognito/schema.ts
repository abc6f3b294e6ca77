import type { AttributeType, SchemaAttributeType } from '@aws-sdk/client-cognito-identity-provider';
import { invalidParameter } from './errors.ts';
import type { Attributes, User, UserPool } from './model.ts';

const MAX_LENGTH = 2048;

const text = (Name: string, min = 0, max = MAX_LENGTH): SchemaAttributeType => ({
  Name,
  AttributeDataType: 'String',
  Mutable: true,
  Required: false,
  StringAttributeConstraints: { MinLength: String(min), MaxLength: String(max) },
});
const flag = (Name: string): SchemaAttributeType => ({
  Name,
  AttributeDataType: 'Boolean',
  Mutable: true,
  Required: false,
});

/** @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html */
const STANDARD: readonly SchemaAttributeType[] = [
  { ...text('sub', 1), Mutable: false, Required: true },
  ...['name', 'given_name', 'family_name', 'middle_name', 'nickname', 'preferred_username', 'profile'].map((n) =>
    text(n),
  ),
  ...['picture', 'website', 'email', 'gender', 'zoneinfo', 'locale', 'phone_number', 'address'].map((n) => text(n)),
  text('birthdate', 10, 10),
  flag('email_verified'),
  flag('phone_number_verified'),
  { Name: 'updated_at', AttributeDataType: 'Number', Mutable: true, Required: false },
];

/** The whole schema of a pool: the standard attributes, as the pool redefines them, and its `custom:` ones. */
export function schemaOf(declared: readonly SchemaAttributeType[] = []): SchemaAttributeType[] {
  const redefined = new Map(declared.map((attribute) => [attribute.Name, attribute]));
  const standard = STANDARD.map((attribute) => ({ ...attribute, ...redefined.get(attribute.Name) }));
  const names = new Set(STANDARD.map(({ Name }) => Name));
  return [...standard, ...declared.filter(({ Name }) => !names.has(Name)).map(customAttribute)];
}

/** Custom attributes are stored and written under their prefix. */
export const customAttribute = (declared: SchemaAttributeType): SchemaAttributeType => ({
  AttributeDataType: 'String',
  Mutable: true,
  Required: false,
  ...declared,
  Name: `custom:${declared.Name?.replace(/^custom:/, '')}`,
});

export const isStandard = (name: string): boolean => STANDARD.some(({ Name }) => Name === name);

const nonconforming = (reason: string) => invalidParameter(`Attributes did not conform to the schema: ${reason}`);

/** Refuses a name that the schema lacks, and a value outside the constraints of its attribute. */
export function assertConforms(pool: UserPool, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    const attribute = pool.schema.find(({ Name }) => Name === name);
    if (!attribute) throw nonconforming(`Type for attribute {${name}} could not be determined`);
    const reason = value === '' ? undefined : violation(attribute, value);
    if (reason) throw nonconforming(`${name}: ${reason}`);
  }
  if (attributes.email && !/^[^\s@]+@[^\s@]+$/.test(attributes.email))
    throw invalidParameter('Invalid email address format.');
  if (attributes.phone_number && !/^\+\d{2,15}$/.test(attributes.phone_number))
    throw invalidParameter('Invalid phone number format.');
}

function violation(attribute: SchemaAttributeType, value: string): string | undefined {
  const { AttributeDataType: type, NumberAttributeConstraints: range, StringAttributeConstraints: length } = attribute;
  if (type === 'Boolean') return /^(true|false)$/i.test(value) ? undefined : 'Attribute is not a boolean';
  if (type === 'Number') {
    const number = Number(value);
    if (!Number.isFinite(number)) return 'Attribute is not a number';
    if (number < Number(range?.MinValue ?? -Infinity)) return `Number must be no less than ${range?.MinValue}`;
    if (number > Number(range?.MaxValue ?? Infinity)) return `Number must be no greater than ${range?.MaxValue}`;
    return undefined;
  }
  const max = Number(length?.MaxLength ?? MAX_LENGTH);
  if (value.length > max) return `String must be no longer than ${max} characters`;
  if (value.length < Number(length?.MinLength ?? 0)) return `String must be no shorter than ${length?.MinLength}`;
  return undefined;
}

/** The attributes that the schema requires and the user lacks. */
export const missingAttributes = (pool: UserPool, attributes: Attributes): string[] =>
  pool.schema.filter(({ Name, Required }) => Required && Name !== 'sub' && !attributes[Name!]).map(({ Name }) => Name!);

export function assertComplete(pool: UserPool, attributes: Attributes): void {
  const [missing] = missingAttributes(pool, attributes);
  if (missing) throw nonconforming(`${missing}: The attribute is required`);
}

/** An immutable attribute is set when the user is created or never, even while it has no value. */
export function assertMutable(pool: UserPool, names: readonly string[]): void {
  const immutable = pool.schema.find(({ Name, Mutable }) => names.includes(Name!) && Mutable === false);
  if (immutable) throw invalidParameter(`user.${immutable.Name}: Attribute cannot be updated.`);
}

/**
 * Puts changes over what a user has. An empty value deletes; a new address is unverified until it is verified.
 */
export function mergeAttributes(current: Attributes, changes: Attributes): Attributes {
  const merged = { ...current, ...changes };
  for (const name of ['email', 'phone_number']) {
    const verified = `${name}_verified`;
    if (changes[name] && changes[name] !== current[name] && !(verified in changes)) merged[verified] = 'false';
    if (!merged[name]) delete merged[verified];
  }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}

/** The wire's list of attributes as a record; the last of two with one name wins. */
export const fromList = (list: readonly AttributeType[] = []): Attributes =>
  Object.fromEntries(list.map(({ Name, Value }) => [Name!, Value ?? '']));

export const toList = (attributes: Attributes): AttributeType[] =>
  Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));

/** A user's attributes with `sub`, as Cognito shows them. */
export const attributesOf = (user: User): Attributes => ({ sub: user.sub, ...user.attributes });
