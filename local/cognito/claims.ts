import { randomUUID } from 'node:crypto';
import { LOCAL_REGION } from '../service.ts';
import type { Attributes, Client, Group, User } from './model.ts';
import { tokenValidity } from './validity.ts';

export type Claims = Record<string, unknown>;

/** The issuer is the real one: verifiers are configured with the pool id, and need no other setting than on AWS. */
export const issuerOf = (userPoolId: string): string =>
  `https://cognito-idp.${LOCAL_REGION}.amazonaws.com/${userPoolId}`;

/** The groups and roles that tokens tell. */
export interface Roles {
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly preferredRole: string | null;
}

export const NO_ROLES: Roles = { groups: [], roles: [], preferredRole: null };

/** @param groups by precedence; where the first two share it and differ in role, no role is preferred */
export function rolesOf(groups: readonly Group[]): Roles {
  const ranked = groups.map(({ config }) => config).filter(({ RoleArn }) => RoleArn);
  const [first] = ranked;
  const rivals = ranked.filter(
    ({ Precedence, RoleArn }) => Precedence === first?.Precedence && RoleArn !== first?.RoleArn,
  );
  return {
    groups: groups.map(({ config }) => config.GroupName),
    roles: [...new Set(ranked.map(({ RoleArn }) => RoleArn!))],
    preferredRole: rivals.length === 0 ? (first?.RoleArn ?? null) : null,
  };
}

export interface SignInFacts {
  readonly client: Client;
  readonly user: User;
  readonly originJti: string;
  readonly eventId: string;
  /** Epoch milliseconds, as `now`. */
  readonly authTime: number;
  readonly now: number;
  readonly roles: Roles;
}

const seconds = (epochMs: number) => Math.floor(epochMs / 1000);

const shared = ({ client, user, originJti, eventId, authTime, now, roles }: SignInFacts, validSeconds: number) => ({
  sub: user.sub,
  ...(roles.groups.length > 0 && { 'cognito:groups': roles.groups }),
  iss: issuerOf(client.userPoolId),
  origin_jti: originJti,
  event_id: eventId,
  auth_time: seconds(authTime),
  exp: seconds(now) + validSeconds,
  iat: seconds(now),
  jti: randomUUID(),
});

export const accessClaims = (facts: SignInFacts, scopes: readonly string[]): Claims => ({
  ...shared(facts, tokenValidity(facts.client.config).accessSeconds),
  client_id: facts.client.id,
  token_use: 'access',
  scope: scopes.join(' '),
  username: facts.user.username,
});

/** @param attributes those that the client may read */
export const idClaims = (facts: SignInFacts, attributes: Attributes): Claims => ({
  ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeClaim(name, value)])),
  ...shared(facts, tokenValidity(facts.client.config).idSeconds),
  'cognito:username': facts.user.username,
  ...(facts.roles.roles.length > 0 && { 'cognito:roles': facts.roles.roles }),
  ...(facts.roles.preferredRole && { 'cognito:preferred_role': facts.roles.preferredRole }),
  aud: facts.client.id,
  token_use: 'id',
});

/** The two flags are booleans and an address is an object (OpenID Connect Core 5.1); custom attributes stay strings. */
function attributeClaim(name: string, value: string): unknown {
  if (name === 'email_verified' || name === 'phone_number_verified') return value === 'true';
  if (name === 'updated_at') return Number(value);
  return name === 'address' ? { formatted: value } : value;
}

/** A machine's access token: the client stands where the user would. */
export const machineClaims = (client: Client, scopes: readonly string[], now: number): Claims => ({
  sub: client.id,
  token_use: 'access',
  scope: scopes.join(' '),
  auth_time: seconds(now),
  iss: issuerOf(client.userPoolId),
  exp: seconds(now) + tokenValidity(client.config).accessSeconds,
  iat: seconds(now),
  version: 2,
  jti: randomUUID(),
  client_id: client.id,
});
