import { AwsError } from '../aws-json.ts';
import { type Occurrences, parseScheduleExpression } from '../schedules/schedule-expression.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';
import type { Target } from '../targets.ts';
import { type EventPattern, matches, parsePattern } from './pattern.ts';
import { assertTargetInput, type TargetInput } from './target-input.ts';

export interface RuleTarget extends Target, TargetInput {
  readonly Id: string;
}

/** A target, and the rule that sends to it. */
export interface Delivery {
  readonly target: Target;
  readonly ruleArn: string;
}

export interface Rule {
  readonly name: string;
  readonly bus: string;
  /** Absent for a rule that runs by the clock alone. */
  readonly pattern: EventPattern | undefined;
  readonly schedule: Schedule | undefined;
  readonly isEnabled: boolean;
}

interface Schedule {
  readonly expression: string;
  readonly occurrences: Occurrences;
}

export interface NewRule extends Pick<Rule, 'name' | 'bus' | 'isEnabled'> {
  /** As JSON. */
  readonly pattern?: string | undefined;
  readonly schedule?: string | undefined;
}

/** A target with the rule that it belongs to. */
export interface Destination {
  readonly ruleArn: string;
  readonly target: RuleTarget;
}

export const arnOf = (resource: string): string => `arn:aws:events:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${resource}`;

/** Rules of the default bus are named without it. */
export const ruleArn = ({ bus, name }: Pick<Rule, 'bus' | 'name'>): string =>
  arnOf(bus === 'default' ? `rule/${name}` : `rule/${bus}/${name}`);

/** A bus may be called by its ARN as well. */
export const busNameOf = (nameOrArn = 'default'): string => nameOrArn.split('/').at(-1)!;

/** Buses with their rules; in memory, since the template declares them anew at every start. */
export class Buses {
  readonly #rules = new Map<string, Map<string, Rule>>([['default', new Map()]]);
  readonly #targets = new Map<string, Map<string, RuleTarget>>();
  readonly #policies = new Map<string, string>();

  create(bus: string): void {
    if (!this.#rules.has(bus)) this.#rules.set(bus, new Map());
  }

  /** Sets who else may put events on a bus. @param policy as JSON */
  setPolicy(bus: string, policy: string): void {
    this.rules(bus);
    this.#policies.set(bus, policy);
  }

  policy(bus: string): string | undefined {
    return this.#policies.get(bus);
  }

  /** @throws {AwsError} InvalidEventPatternException, ValidationException, ResourceNotFoundException */
  putRule({ name, bus, isEnabled, pattern, schedule }: NewRule): Rule {
    if (pattern === undefined && schedule === undefined) {
      throw new AwsError('ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.');
    }
    const rule = {
      name,
      bus,
      isEnabled,
      pattern: pattern === undefined ? undefined : parsePattern(pattern),
      schedule: schedule === undefined ? undefined : parseSchedule(schedule, bus),
    };
    this.rules(bus).set(name, rule);
    return rule;
  }

  putTargets(bus: string, rule: string, targets: readonly RuleTarget[]): void {
    this.#rule(bus, rule);
    for (const target of targets) assertTargetInput(target);
    for (const target of targets) this.#targetsOf(bus, rule).set(target.Id, target);
  }

  targets(bus: string, rule: string): RuleTarget[] {
    this.#rule(bus, rule);
    return [...this.#targetsOf(bus, rule).values()];
  }

  /** @throws {AwsError} ResourceNotFoundException */
  rules(bus: string): Map<string, Rule> {
    const rules = this.#rules.get(bus);
    if (!rules) throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
    return rules;
  }

  /** Where an event on a bus goes. */
  destinations(bus: string, event: unknown): Destination[] {
    return [...this.rules(bus).values()]
      .filter(({ isEnabled, pattern }) => isEnabled && pattern && matches(pattern, event))
      .flatMap((rule) => this.destinationsOf(rule));
  }

  /** Where a rule sends what it has. */
  destinationsOf(rule: Rule): Destination[] {
    return this.targets(rule.bus, rule.name).map((target) => ({ ruleArn: ruleArn(rule), target }));
  }

  #rule(bus: string, name: string): Rule {
    const rule = this.rules(bus).get(name);
    if (!rule) throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
    return rule;
  }

  #targetsOf(bus: string, rule: string): Map<string, RuleTarget> {
    const key = `${bus}/${rule}`;
    const targets = this.#targets.get(key) ?? new Map<string, RuleTarget>();
    this.#targets.set(key, targets);
    return targets;
  }
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
function parseSchedule(expression: string, bus: string): Schedule {
  if (bus !== 'default') {
    throw new AwsError('ValidationException', 'ScheduleExpression is supported only on the default event bus.');
  }
  try {
    if (expression.startsWith('at(')) throw new RangeError(`'${expression}': rules know no single moments`);
    return { expression, occurrences: parseScheduleExpression(expression) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AwsError('ValidationException', `Parameter ScheduleExpression is not valid. ${error.message}`);
  }
}
