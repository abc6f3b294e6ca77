import type { EventBridgeService } from '../eventbridge/index.ts';
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
  readonly Targets?: readonly { readonly Id: string; readonly Arn: string }[];
}

/** @throws {NotEmulatedError} for a rule with a schedule */
export function applyEventBuses(
  declared: { readonly buses: readonly Resource[]; readonly rules: readonly Resource[] },
  { buses }: EventBridgeService,
): void {
  for (const { physicalName: name } of declared.buses) buses.create(name);
  for (const rule of declared.rules) {
    const { EventBusName: bus = 'default', EventPattern, State, Targets = [] } = propertiesOf<RuleProperties>(rule);
    if (!EventPattern) throw new NotEmulatedError(`${rule.logicalId}: rules with a schedule are not emulated`);
    const { physicalName: name } = rule;
    buses.putRule({ name, bus, pattern: JSON.stringify(EventPattern), isEnabled: State !== 'DISABLED' });
    buses.putTargets(bus, name, Targets);
  }
}
