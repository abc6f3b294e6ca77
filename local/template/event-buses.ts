import type { EventBridgeService, RuleTarget } from '../eventbridge/index.ts';
import { targetKind } from '../targets.ts';
import { NotEmulatedError } from './errors.ts';
import { physicalName } from './names.ts';
import { arn, type Identify, propertiesOf, type Resource } from './resource.ts';

export const busIdentity: Identify = (resource) => {
  const name = resource.explicitName('Name') ?? physicalName(resource, 256);
  return { physicalName: name, ref: name, attributes: { Arn: arn('events', `event-bus/${name}`), Name: name } };
};

interface RuleProperties {
  readonly EventBusName?: string;
  readonly EventPattern?: object;
  readonly ScheduleExpression?: string;
  readonly State?: string;
  readonly Targets?: readonly RuleTarget[];
}

/** What a target may say, and is brought about. */
const TARGET_PROPERTIES: readonly string[] = [
  ...['Arn', 'DeadLetterConfig', 'Id', 'Input', 'InputPath', 'InputTransformer', 'RetryPolicy', 'RoleArn'],
  'SqsParameters',
];

/** @throws {NotEmulatedError} for a target that nothing can be sent to */
export function applyEventBuses(
  declared: { readonly buses: readonly Resource[]; readonly rules: readonly Resource[] },
  eventbridge: EventBridgeService,
): void {
  for (const { physicalName: name } of declared.buses) eventbridge.createBus(name);
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
      bus: EventBusName?.split('/').at(-1) ?? 'default',
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
