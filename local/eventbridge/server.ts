import { randomUUID } from 'node:crypto';
import { awsJson } from '../aws-json.ts';
import { authorizeOperations, type Iam } from '../iam/index.ts';
import { listen } from '../listen.ts';
import { Timetable } from '../schedules/timetable.ts';
import type { Service } from '../service.ts';
import { systemTimer, type Timer } from '../timer.ts';
import { operationAccess, refusalStyle } from './authorization.ts';
import { arnOf, Buses, busNameOf, type Destination, type NewRule, type RuleTarget, ruleArn } from './buses.ts';
import { type Entry, putEvents } from './put-events.ts';
import { scheduledEvent, targetInput } from './target-input.ts';

export interface EventBridgeOptions {
  /** @default 0 - a free port */
  readonly port?: number;
  /** @default the computer's own time */
  readonly timer?: Timer;
  /** Decides who may do what. @default - everybody may do everything */
  readonly iam?: Iam | undefined;
  /** Takes to a target what the rule of that ARN has for it: the event, or what the target asks for in its place. */
  readonly onEvent: (target: RuleTarget, input: unknown, ruleArn: string) => Promise<void>;
  /** Told of faults of the emulator itself, and of deliveries that failed: whoever put the event never is. */
  readonly onFault: (error: unknown) => void;
}

export interface EventBridgeService extends Service {
  createBus(name: string): void;
  /** Sets who else may put events on a bus. @param policy as JSON */
  setPolicy(bus: string, policy: string): void;
  /** @throws {AwsError} InvalidEventPatternException, ValidationException */
  putRule(rule: NewRule, targets: readonly RuleTarget[]): void;
  /** Puts an event of AWS's own on the default bus. */
  publish(entry: Entry): void;
}

interface RuleInput {
  readonly Name: string;
  readonly EventBusName?: string;
  readonly EventPattern?: string;
  readonly ScheduleExpression?: string;
  readonly State?: string;
}

interface TargetsInput {
  readonly Rule: string;
  readonly EventBusName?: string;
  readonly Targets: readonly RuleTarget[];
}

/** Amazon EventBridge on 127.0.0.1: buses, rules by pattern and by the clock, and their targets. */
export async function startEventBridge(options: EventBridgeOptions): Promise<EventBridgeService> {
  const { timer = systemTimer, iam, onEvent, onFault } = options;
  const timetable = new Timetable(timer, onFault);
  const buses = new Buses();
  const deliver = ({ target, ruleArn: arn }: Destination, event: object) =>
    void onEvent(target, targetInput(target, event, arn), arn).catch(onFault);
  const putRule = (newRule: NewRule): string => {
    const rule = buses.putRule(newRule);
    const arn = ruleArn(rule);
    timetable.delete(arn);
    if (rule.schedule && rule.isEnabled) {
      timetable.set(arn, rule.schedule.occurrences, (dueMs) => {
        const event = scheduledEvent(randomUUID(), arn, dueMs);
        for (const destination of buses.destinationsOf(rule)) deliver(destination, event);
      });
    }
    return arn;
  };
  const put = putEvents({ buses, now: timer.now, deliver });
  const operations = { ...operationsOf(buses, putRule), PutEvents: put };
  const protocol = { target: 'AWSEvents', version: '1.1', errorNamespace: 'com.amazonaws.eventbridge' } as const;
  const access = { operations: Object.keys(operations), access: operationAccess(buses), style: refusalStyle };
  const authorize = iam && authorizeOperations({ iam, ...access });
  const { url, close } = await listen(awsJson({ ...protocol, operations, authorize, onFault }), options.port);
  return {
    url,
    createBus: (name) => buses.create(name),
    setPolicy: (bus, policy) => buses.setPolicy(bus, policy),
    putRule: (rule, targets) => {
      putRule(rule);
      buses.putTargets(rule.bus, rule.name, targets);
    },
    publish: (entry) => void put({ Entries: [entry] }),
    close: () => {
      timetable.close();
      return close();
    },
  };
}

const operationsOf = (buses: Buses, putRule: (rule: NewRule) => string) => ({
  CreateEventBus({ Name }: { Name: string }) {
    buses.create(Name);
    return { EventBusArn: arnOf(`event-bus/${Name}`) };
  },

  PutRule({ Name: name, EventBusName, EventPattern: pattern, ScheduleExpression: schedule, State }: RuleInput) {
    const isEnabled = State !== 'DISABLED';
    return { RuleArn: putRule({ name, bus: busNameOf(EventBusName), pattern, schedule, isEnabled }) };
  },

  PutTargets({ Rule, EventBusName, Targets }: TargetsInput) {
    buses.putTargets(busNameOf(EventBusName), Rule, Targets);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },

  ListRules({ EventBusName }: { EventBusName?: string }) {
    const bus = busNameOf(EventBusName);
    const Rules = [...buses.rules(bus).values()].map((rule) => ({
      Name: rule.name,
      Arn: ruleArn(rule),
      EventBusName: bus,
      EventPattern: rule.pattern && JSON.stringify(rule.pattern),
      ScheduleExpression: rule.schedule?.expression,
      State: rule.isEnabled ? 'ENABLED' : 'DISABLED',
    }));
    return { Rules };
  },

  ListTargetsByRule: ({ Rule, EventBusName }: { Rule: string; EventBusName?: string }) => ({
    Targets: buses.targets(busNameOf(EventBusName), Rule),
  }),
});
