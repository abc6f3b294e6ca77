import { fullDiff, type ResourceDifference, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import type { Template } from './assembly.ts';
import { statefulTypes } from './stateful-types.ts';

/** What CloudFormation does to a resource. `orphan`: it leaves the stack, and stays in the account. */
export type Action = 'add' | 'update' | 'replace' | 'may replace' | 'remove' | 'orphan';

export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  readonly action: Action;
  /** names of the properties that change; none for what comes or goes whole */
  readonly properties: readonly string[];
  /** whether what it holds would be lost, or out of reach */
  readonly endangersData: boolean;
}

export interface StackChanges {
  readonly stack: string;
  readonly resources: readonly ResourceChange[];
}

type Templates = ReadonlyMap<string, Template>;

const actions: Readonly<Record<ResourceImpact, Action | undefined>> = {
  [ResourceImpact.WILL_CREATE]: 'add',
  [ResourceImpact.WILL_UPDATE]: 'update',
  [ResourceImpact.WILL_REPLACE]: 'replace',
  [ResourceImpact.MAY_REPLACE]: 'may replace',
  [ResourceImpact.WILL_DESTROY]: 'remove',
  [ResourceImpact.WILL_ORPHAN]: 'orphan',
  [ResourceImpact.WILL_IMPORT]: 'add',
  [ResourceImpact.NO_CHANGE]: undefined,
};

const endangering: readonly Action[] = ['replace', 'may replace', 'remove', 'orphan'];

/**
 * What deploying `head` would change where `base` is deployed, by stack; stacks that stay as they are, are left out.
 * Which property replaces its resource, AWS's own specification tells.
 */
export function changesBetween(base: Templates, head: Templates): StackChanges[] {
  const stacks = [...new Set([...base.keys(), ...head.keys()])];
  return stacks
    .map((stack) => ({ stack, resources: resourceChanges(base.get(stack) ?? {}, head.get(stack) ?? {}) }))
    .filter(({ resources }) => resources.length > 0);
}

function resourceChanges(base: Template, head: Template): ResourceChange[] {
  const changes: ResourceChange[] = [];
  fullDiff(base, head).resources.forEachDifference((logicalId, difference) => {
    const action = actions[difference.changeImpact];
    if (action) changes.push(changeOf(logicalId, action, difference));
  });
  return changes;
}

function changeOf(logicalId: string, action: Action, difference: ResourceDifference): ResourceChange {
  const type = difference.oldResourceType ?? difference.newResourceType ?? 'of unknown type';
  return {
    logicalId,
    type,
    action,
    properties: difference.isUpdate ? Object.keys(difference.propertyUpdates) : [],
    endangersData: statefulTypes.has(type) && endangering.includes(action),
  };
}
