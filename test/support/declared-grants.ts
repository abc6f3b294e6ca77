import { type Grant, grantsIn, type PolicyDocument } from '../../local/iam/index.ts';
import type { Declarations } from '../../local/template/declarations.ts';
import { functionPolicy } from '../../local/template/function-permissions.ts';
import { queuePolicy } from '../../local/template/queues.ts';
import { rolesOf } from '../../local/template/roles.ts';

/** A grant of the template, under a name that people can read and tables can hold. */
export interface NamedGrant {
  /** As in `history: dynamodb:GetItem on HistoryTable`. */
  readonly title: string;
  readonly grant: Grant;
}

/**
 * What people call a resource, without the stack and the hash that the CDK puts around it: `HistoryTable/index/by-tenant`
 * of `arn:aws:dynamodb:us-east-1:000000000000:table/kilat-local-storage-HistoryTable4479EEA3/index/by-tenant`.
 */
const plain = (arn: string): string =>
  arn
    .replace(/^arn:(?:[^:]*:){4}/, '')
    .replace(/^(?:table|role|event-bus|function|log-group|userpool)[/:]/, '')
    .replace(/^kilat-\w+-[a-z]+-/, '')
    .replace(/(?<=[a-z])[0-9A-F]{8}(?=$|\/)/i, '')
    .replace(/^us-east-1_\w+$/, 'the user pool');

/** What each role of the template may do, and what policies at queues and functions let services do. */
export function declaredGrants(declarations: Declarations): NamedGrant[] {
  const declared = {
    roles: declarations.of('AWS::IAM::Role'),
    policies: declarations.of('AWS::IAM::Policy'),
    managedPolicies: declarations.of('AWS::IAM::ManagedPolicy'),
  };
  const ofRoles = rolesOf(declared).flatMap(({ arn, policies }) =>
    policies.flatMap(({ document }) => grantsIn(arn, document)),
  );
  return [...ofRoles, ...atResources(declarations)].map((grant) => ({ title: titleOf(grant), grant }));
}

function atResources(declarations: Declarations): Grant[] {
  const queuePolicies = declarations.of('AWS::SQS::QueuePolicy');
  const permissions = declarations.of('AWS::Lambda::Permission');
  const policies = [
    ...declarations.of('AWS::SQS::Queue').map((queue) => [queue, queuePolicy(queue, queuePolicies)] as const),
    ...declarations.of('AWS::Lambda::Function').map((fn) => [fn, functionPolicy(fn, permissions)] as const),
  ];
  return policies.flatMap(([{ attributes }, policy]) =>
    policy ? grantsIn(attributes.Arn!, policy as PolicyDocument) : [],
  );
}

function titleOf({ holder, action, resource, principal, condition }: Grant): string {
  const who = principal === undefined ? plain(holder).replace(/Role$/, '') : serviceOf(principal);
  const source = condition === undefined ? '' : ` for ${sourceOf(condition)}`;
  return `${who}: ${action} on ${plain(resource)}${source}`;
}

const serviceOf = (principal: unknown): string => (principal as { Service: string }).Service;

/** A route without its stage and method, or whatever else a service acts for. */
const sourceOf = (condition: unknown): string => {
  const arn = Object.values((condition as { ArnLike: Record<string, string> }).ArnLike)[0]!;
  return arn.includes(':execute-api:') ? arn.replace(/^[^/]*\/\*\/\*/, 'route ') : plain(arn);
};
