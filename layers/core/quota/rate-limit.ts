import { quotaHeaders } from '@kilat/contracts';
import type { Standing } from './standing.ts';

/**
 * The fields that tell a caller where they stand: lists of structured fields (RFC 9651), one member a policy.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 * @param retryAfterSeconds of a refusal
 */
export function rateLimitFields(standings: readonly Standing[], retryAfterSeconds?: number): Record<string, string> {
  if (standings.length === 0) return {};
  const policies = standings.map(({ name, quota, windowSeconds }) => `"${name}";q=${quota};w=${windowSeconds}`);
  const states = standings.map(({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`);
  return {
    [quotaHeaders.policy]: policies.join(', '),
    [quotaHeaders.state]: states.join(', '),
    ...(retryAfterSeconds === undefined ? {} : { [quotaHeaders.retryAfter]: String(retryAfterSeconds) }),
  };
}
