import type { ListUsersRequest } from '@aws-sdk/client-cognito-identity-provider';
import type { Cognito } from './context.ts';
import { invalidParameter } from './errors.ts';
import type { User, Wire } from './model.ts';
import { page } from './pages.ts';
import { requirePool } from './pools.ts';
import { attributesOf } from './schema.ts';
import { describeUser } from './users.ts';

export const listUsersOperations = (cognito: Cognito) => ({
  ListUsers: ({ UserPoolId, Filter, Limit, PaginationToken }: Wire<ListUsersRequest>) => {
    requirePool(cognito, UserPoolId);
    const all = cognito.store.users.findBy('userPoolId', UserPoolId);
    const { items, next } = page(all.filter(parseFilter(Filter)), Limit, PaginationToken);
    return { Users: items.map(describeUser), PaginationToken: next };
  },
});

/** Custom attributes cannot be searched, on AWS neither. */
const SEARCHABLE = new Set([
  ...['username', 'sub', 'email', 'phone_number', 'name', 'given_name', 'family_name', 'preferred_username'],
  ...['cognito:user_status', 'status'],
]);

/** `email = "ann@example.com"`, or `^=` for the beginning; quotes within the value are escaped. */
const FILTER = /^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/;

/** @throws {AwsError} InvalidParameterException for a filter outside the grammar, or on another attribute */
export function parseFilter(filter = ''): (user: User) => boolean {
  if (filter.trim() === '') return () => true;
  const [, attribute, operator, quoted] = FILTER.exec(filter) ?? [];
  if (!attribute || quoted === undefined || !SEARCHABLE.has(attribute))
    throw invalidParameter('Error while parsing filter');
  const wanted = quoted.replace(/\\(.)/g, '$1');
  const matches = operator === '=' ? (v: string) => v === wanted : (v: string) => v.startsWith(wanted);
  return (user) => matches(searchedValue(user, attribute));
}

function searchedValue(user: User, attribute: string): string {
  if (attribute === 'username') return user.username;
  if (attribute === 'cognito:user_status') return user.status;
  if (attribute === 'status') return user.enabled ? 'Enabled' : 'Disabled';
  return attributesOf(user)[attribute] ?? '';
}
