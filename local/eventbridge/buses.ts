import { AwsError } from '../aws-json.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';
import { type EventPattern, matches, parsePattern } from './pattern.ts';

export interface Target {
  readonly Id: string;
  readonly Arn: string;
}

export interface Rule {
  readonly name: string;
  readonly bus: string;
  readonly pattern: EventPattern;
  readonly isEnabled: boolean;
}

export const arnOf = (resource: string): string => `arn:aws:events:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${resource}`;

/** A bus may be called by its ARN as well. */
export const busNameOf = (nameOrArn = 'default'): string => nameOrArn.split('/').at(-1)!;

/** Buses with their rules; in memory, since the template declares them anew at every start. */
export class Buses {
  readonly #rules = new Map<string, Map<string, Rule>>([['default', new Map()]]);
  readonly #targets = new Map<string, Map<string, Target>>();

  create(bus: string): void {
    if (!this.#rules.has(bus)) this.#rules.set(bus, new Map());
  }

  putRule(rule: Omit<Rule, 'pattern'> & { readonly pattern: string }): void {
    this.rules(rule.bus).set(rule.name, { ...rule, pattern: parsePattern(rule.pattern) });
  }

  putTargets(bus: string, rule: string, targets: readonly Target[]): void {
    this.#rule(bus, rule);
    for (const target of targets) this.#targetsOf(bus, rule).set(target.Id, target);
  }

  targets(bus: string, rule: string): Target[] {
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
  destinations(bus: string, event: unknown): Target[] {
    const rules = [...this.rules(bus).values()].filter((rule) => rule.isEnabled && matches(rule.pattern, event));
    return rules.flatMap(({ name }) => this.targets(bus, name));
  }

  #rule(bus: string, name: string): Rule {
    const rule = this.rules(bus).get(name);
    if (!rule) throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
    return rule;
  }

  #targetsOf(bus: string, rule: string): Map<string, Target> {
    const key = `${bus}/${rule}`;
    const targets = this.#targets.get(key) ?? new Map<string, Target>();
    this.#targets.set(key, targets);
    return targets;
  }
}
