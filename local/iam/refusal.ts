import type { AccessRequest } from './access-request.ts';
import type { Principal } from './principal.ts';

/** Why a request is refused: nothing allows it, or a policy of the caller's or at the resource denies it. */
export type RefusalReason = 'no-identity-policy' | 'no-resource-policy' | 'denied-by-identity' | 'denied-by-resource';

export interface Refusal {
  readonly principal: Principal;
  readonly request: Pick<AccessRequest, 'action' | 'resource'>;
  readonly reason: RefusalReason;
}

/** What a service says for the action and the resource, where it has its own way. */
export interface RefusalSpelling {
  readonly action?: (action: string) => string;
  readonly resource?: (resource: string) => string;
}

const asIs = (text: string): string => text;

/**
 * A refusal in AWS's words.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function refusalMessage(refusal: Refusal, { action = asIs, resource = asIs }: RefusalSpelling = {}): string {
  const { principal, request, reason } = refusal;
  const wanted = `${action(request.action)} on resource: ${resource(request.resource)}`;
  return `User: ${principal.name} is not authorized to perform: ${wanted} ${because[reason](action(request.action))}`;
}

const because: Readonly<Record<RefusalReason, (action: string) => string>> = {
  'no-identity-policy': (action) => `because no identity-based policy allows the ${action} action`,
  'no-resource-policy': (action) => `because no resource-based policy allows the ${action} action`,
  'denied-by-identity': () => 'with an explicit deny in an identity-based policy',
  'denied-by-resource': () => 'with an explicit deny in a resource-based policy',
};
