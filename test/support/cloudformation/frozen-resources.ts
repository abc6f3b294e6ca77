import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../../local/template/template.ts';
import { specificationOf } from './specification.ts';
import type { DeclaredStack, Resource } from './stack.ts';

/** Stack -> logical id -> what decides whether CloudFormation keeps the resource. */
export type FrozenResources = Readonly<Record<string, Readonly<Record<string, FrozenResource>>>>;

export interface FrozenResource {
  readonly type: string;
  /** the properties that cannot be changed in place, where the template sets them */
  readonly fixed: JsonObject;
}

/** What goes with a resource. Types that the CDK does not count among the stateful ones are stateful by standing here. */
const losses: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Api': 'the address that clients call',
  'AWS::Cognito::UserPool': 'users, their passwords and their groups',
  'AWS::Cognito::UserPoolClient': 'the id by which applications sign in, and every session',
  'AWS::Cognito::UserPoolGroup': 'its members',
  'AWS::DynamoDB::GlobalTable': 'its items',
  'AWS::Events::EventBus': 'the rules that others put on it',
  'AWS::KMS::Key': 'all that was encrypted with it',
  'AWS::Logs::LogGroup': 'its lines',
  'AWS::S3::Bucket': 'its objects',
  'AWS::SQS::Queue': 'the messages that wait in it',
};

const isStateful = ({ Type }: Resource): boolean => Object.hasOwn(losses, Type) || specificationOf(Type).isStateful;

/** What stands in the stacks now, in an order of its own, so that a record changes only where they do. */
export const frozenFrom = (stacks: readonly DeclaredStack[]): FrozenResources =>
  sorted(stacks.map(({ name, template }) => [name, statefulIn(template.Resources)] as const));

const statefulIn = (resources: Readonly<Record<string, Resource>>) =>
  sorted(
    Object.entries(resources)
      .filter(([, resource]) => isStateful(resource))
      .map(([logicalId, { Type, Properties = {} }]) => [logicalId, { type: Type, fixed: fixedOf(Type, Properties) }]),
  );

const fixedOf = (type: string, properties: JsonObject): JsonObject =>
  Object.fromEntries(
    specificationOf(type)
      .replacing.filter((name) => name in properties)
      .map((name) => [name, properties[name]!]),
  );

const sorted = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** What a deployment would do to resources that were recorded, a sentence each, and which were not. */
export function departuresFrom(frozen: FrozenResources, current: FrozenResources): string[] {
  const lost = rowsOf(frozen).flatMap(([stack, logicalId, resource]) =>
    departure(`${stack}: ${logicalId}`, resource, current[stack]?.[logicalId]),
  );
  const added = rowsOf(current)
    .filter(([stack, logicalId]) => !frozen[stack]?.[logicalId])
    .map(([stack, logicalId, { type }]) => `${stack}: ${logicalId} (${type}) is not recorded`);
  return [...lost, ...added];
}

const rowsOf = (resources: FrozenResources) =>
  Object.entries(resources).flatMap(([stack, members]) =>
    Object.entries(members).map(([logicalId, resource]) => [stack, logicalId, resource] as const),
  );

function departure(name: string, before: FrozenResource, after: FrozenResource | undefined): string[] {
  const loss = `lost would be ${losses[before.type] ?? 'what it holds'}`;
  if (!after) return [`${name} (${before.type}) would be deleted, or left behind where it is retained; ${loss}`];
  if (after.type !== before.type) return [`${name} would be replaced by a ${after.type}; ${loss}`];
  return [...new Set([...Object.keys(before.fixed), ...Object.keys(after.fixed)])]
    .filter((property) => !isDeepStrictEqual(before.fixed[property], after.fixed[property]))
    .map((property) => `${name} (${before.type}) would be replaced, for its ${property} changes; ${loss}`);
}
