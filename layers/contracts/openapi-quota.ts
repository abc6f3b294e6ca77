import { quotaHeaders } from './quota.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

const { policy, state, retryAfter } = quotaHeaders;

/** The header components of the document. */
export const quotaHeaderComponents = {
  [policy]: {
    description: 'the quotas that this request counts in: `q` in a window of `w` seconds',
    schema: { type: 'string' },
    example: '"user-minute";q=60;w=60, "tenant-minute";q=300;w=60',
  },
  [state]: {
    description: 'what is left of each: `r`, for another `t` seconds',
    schema: { type: 'string' },
    example: '"user-minute";r=41;t=23, "tenant-minute";r=260;t=23',
  },
  [retryAfter]: { description: 'seconds', schema: { type: 'integer' }, example: 23 },
};

const pointer = (name: string): [string, Json] => [name, { $ref: `#/components/headers/${name}` }];

/** Adds the fields to the answers that those with a token get; whoever has none is refused before anything counts. */
export function withQuotaHeaders({ access }: Route, responses: Readonly<Record<string, Json>>): Record<string, Json> {
  if (access === 'public') return responses;
  const fields = (status: string): Json =>
    Object.fromEntries([policy, state, ...(status === '429' ? [retryAfter] : [])].map(pointer));
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [
      status,
      status === '401' ? response : { ...response, headers: fields(status) },
    ]),
  );
}
