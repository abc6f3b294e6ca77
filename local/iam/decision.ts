import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import { LOCAL_ACCOUNT } from '../service.ts';
import type { Context } from './access-request.ts';
import type { Policy } from './policy.ts';
import type { Principal } from './principal.ts';
import type { RefusalReason } from './refusal.ts';

/** All that a decision follows from: what is the same is decided the same. */
export interface Question {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly identityPolicies: readonly Policy[];
  readonly resourcePolicy: Policy | undefined;
  /** The condition keys that these policies read. */
  readonly context: Context;
}

/**
 * The rules of IAM within one account. The simulator's checks of its input are left out, which cost more than the
 * decision: policies are checked when they are read, and a test has each service's requests checked.
 * @returns undefined where it is allowed
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(question: Question): RefusalReason | undefined {
  const { principal, resourcePolicy } = question;
  const result = simulate(question);
  if (result === 'Allowed') return undefined;
  if (result === 'ImplicitlyDenied') {
    return principal.type === 'service' ? 'no-resource-policy' : 'no-identity-policy';
  }
  const isDeniedByIdentity = !resourcePolicy || simulate({ ...question, resourcePolicy: undefined }) === result;
  return isDeniedByIdentity ? 'denied-by-identity' : 'denied-by-resource';
}

function simulate({ principal, action, resource, identityPolicies, resourcePolicy, context }: Question) {
  return runUnsafeSimulation(
    {
      request: {
        principal: principal.name,
        action,
        resource: { resource: literal(resource), accountId: LOCAL_ACCOUNT },
        contextVariables: context as Record<string, string | string[]>,
      },
      identityPolicies: identityPolicies.map(({ id, validated }) => ({ name: String(id), policy: validated })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: resourcePolicy?.validated,
    },
    {},
  );
}

/**
 * The simulator takes a star in a request's resource for a wildcard, and its wildcards do not cross a line's end. Both
 * may stand in the key of an object, where they mean themselves.
 */
const literal = (resource: string): string =>
  resource === '*' ? resource : resource.replace(/[*\n\r\u2028\u2029]/g, '\uFFFD');
