import { type PolicyDocument, type Statement, statementsOf } from './policy-document.ts';

/** One thing that a policy allows: one action on one resource, on one condition. */
export interface Grant {
  /** Whose policy it is: the ARN of a role, or of the resource that the policy stands at. */
  readonly holder: string;
  readonly action: string;
  readonly resource: string;
  /** Whom a resource's policy speaks of; absent for a role's. */
  readonly principal?: unknown;
  readonly condition?: unknown;
}

/** Two grants that allow the same are the same. */
export const idOf = ({ holder, action, resource, principal, condition }: Grant): string =>
  JSON.stringify([holder, action, resource, principal, condition]);

/** What a policy allows, one by one; its denials, and what it allows by exclusion, are no grants. */
export const grantsIn = (holder: string, document: PolicyDocument): Grant[] =>
  statementsOf(document).flatMap((statement) => grantsOf(holder, statement));

function grantsOf(holder: string, statement: Statement): Grant[] {
  const { Effect, Action, Resource, Principal, Condition } = statement;
  if (Effect !== 'Allow' || Action === undefined || Resource === undefined) return [];
  return [Action].flat().flatMap((action) =>
    [Resource].flat().map((resource) => ({
      holder,
      action,
      resource,
      ...(Principal === undefined ? {} : { principal: Principal }),
      ...(Condition === undefined ? {} : { condition: Condition }),
    })),
  );
}

/** The policy as it would be without some of its grants, which are named by their ids. */
export function without(holder: string, document: PolicyDocument, withheld: ReadonlySet<string>): PolicyDocument {
  const Statement = statementsOf(document).flatMap((statement) => {
    const grants = grantsOf(holder, statement);
    if (!grants.some((grant) => withheld.has(idOf(grant)))) return [statement];
    const { Sid: _, ...rest } = statement;
    const kept = grants.filter((grant) => !withheld.has(idOf(grant)));
    return kept.map(({ action, resource }) => ({ ...rest, Action: action, Resource: resource }));
  });
  return { ...document, Statement };
}
