import { busNameOf, type EventBridgeService, type RuleTarget, ruleArn } from '../eventbridge/index.ts';
import { targetKind } from '../targets.ts';
import { NotEmulatedError } from './errors.ts';
import { physicalName } from './names.ts';
import { arn, type Identify, propertiesOf, type Resource } from './resource.ts';

export const busIdentity: Identify = (resource) => {
  const name = resource.explicitName('Name') ?? physicalName(resource, 256);
  return { physicalName: name, ref: name, attributes: { Arn: arn('events', `event-bus/${name}`), Name: name } };
};

/** What is allowed to a rule, as to invoke a function, is allowed to this ARN. */
export const ruleIdentity: Identify = (resource) => {
  const name = resource.explicitName('Name') ?? physicalName(resource, 64);
  const bus = busNameOf(resource.explicitName('EventBusName'));
  return { physicalName: name, ref: name, attributes: { Arn: ruleArn({ bus, name }) } };
};

interface RuleProperties {
  readonly EventBusName?: string;
  readonly EventPattern?: object;
  readonly ScheduleExpression?: string;
  readonly State?: string;
  readonly Targets?: readonly RuleTarget[];
}

interface BusPolicyProperties {
  readonly EventBusName?: string;
  readonly Statement: object;
}

export interface DeclaredBuses {
  readonly buses: readonly Resource[];
  readonly policies: readonly Resource[];
  readonly rules: readonly Resource[];
}

/** What a target may say, and is brought about. */
const TARGET_PROPERTIES: readonly string[] = [
  ...['Arn', 'DeadLetterConfig', 'Id', 'Input', 'InputPath', 'InputTransformer', 'RetryPolicy', 'RoleArn'],
  'SqsParameters',
];

/** @throws {NotEmulatedError} for a target that nothing can be sent to */
export function applyEventBuses(declared: DeclaredBuses, eventbridge: EventBridgeService): void {
  for (const { physicalName: name } of declared.buses) eventbridge.createBus(name);
  for (const [bus, policies] of Map.groupBy(declared.policies, busOf)) {
    const Statement = policies.map((policy) => propertiesOf<BusPolicyProperties>(policy).Statement);
    eventbridge.setPolicy(bus, JSON.stringify({ Version: '2012-10-17', Statement }));
  }
  for (const resource of declared.rules) {
    const {
      EventBusName,
      EventPattern,
      ScheduleExpression,
      State,
      Targets = [],
    } = propertiesOf<RuleProperties>(resource);
    for (const target of Targets) assertTarget(resource, target, TARGET_PROPERTIES);
    const rule = {
      name: resource.physicalName,
      bus: busNameOf(EventBusName),
      pattern: EventPattern && JSON.stringify(EventPattern),
      schedule: ScheduleExpression,
      isEnabled: State !== 'DISABLED',
    };
    eventbridge.putRule(rule, Targets);
  }
}

/** @throws {NotEmulatedError} for a target of another kind, and for what it asks for and would not get */
export function assertTarget(
  { logicalId }: Resource,
  target: { readonly Arn: string },
  properties: readonly string[],
): void {
  if (!targetKind(target.Arn)) throw new NotEmulatedError(`${logicalId}: ${target.Arn} is not emulated as a target`);
  const unknown = Object.keys(target).find((property) => !properties.includes(property));
  if (unknown) throw new NotEmulatedError(`${logicalId}: ${unknown} of targets is not emulated`);
}

/** Each resource of this type is one statement of a bus's policy. */
const busOf = (policy: Resource): string => propertiesOf<BusPolicyProperties>(policy).EventBusName ?? 'default';
