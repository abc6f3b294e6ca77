import { awsJson } from '../aws-json.ts';
import { listen } from '../listen.ts';
import type { Clock, Service } from '../service.ts';
import { arnOf, Buses, busNameOf, type Target } from './buses.ts';
import { putEvents } from './put-events.ts';

export interface EventBridgeOptions {
  /** @default 0 - a free port */
  readonly port?: number;
  /** @default Date.now */
  readonly now?: Clock;
  /** Takes an event where a rule sends it. */
  readonly onEvent: (target: Target, event: unknown) => Promise<void>;
  /** Told of faults of the emulator itself, and of deliveries that failed: whoever put the event never is. */
  readonly onFault: (error: unknown) => void;
}

export interface EventBridgeService extends Service {
  readonly buses: Buses;
}

interface RuleInput {
  readonly Name: string;
  readonly EventBusName?: string;
  readonly EventPattern: string;
  readonly State?: string;
}

interface TargetsInput {
  readonly Rule: string;
  readonly EventBusName?: string;
  readonly Targets: readonly Target[];
}

/** Amazon EventBridge on 127.0.0.1: buses, rules by pattern, and their targets. */
export async function startEventBridge(options: EventBridgeOptions): Promise<EventBridgeService> {
  const { now = Date.now, onEvent, onFault } = options;
  const buses = new Buses();
  const deliver = (target: Target, event: unknown) => void onEvent(target, event).catch(onFault);
  const operations = { ...operationsOf(buses), PutEvents: putEvents({ buses, now, deliver }) };
  const protocol = { target: 'AWSEvents', version: '1.1', errorNamespace: 'com.amazonaws.eventbridge' } as const;
  const { url, close } = await listen(awsJson({ ...protocol, operations, onFault }), options.port);
  return { url, close, buses };
}

const operationsOf = (buses: Buses) => ({
  CreateEventBus({ Name }: { Name: string }) {
    buses.create(Name);
    return { EventBusArn: arnOf(`event-bus/${Name}`) };
  },

  PutRule({ Name, EventBusName, EventPattern, State }: RuleInput) {
    const bus = busNameOf(EventBusName);
    buses.putRule({ name: Name, bus, pattern: EventPattern, isEnabled: State !== 'DISABLED' });
    return { RuleArn: arnOf(`rule/${bus}/${Name}`) };
  },

  PutTargets({ Rule, EventBusName, Targets }: TargetsInput) {
    buses.putTargets(busNameOf(EventBusName), Rule, Targets);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },

  ListRules({ EventBusName }: { EventBusName?: string }) {
    const bus = busNameOf(EventBusName);
    const Rules = [...buses.rules(bus).values()].map(({ name, pattern, isEnabled }) => ({
      Name: name,
      Arn: arnOf(`rule/${bus}/${name}`),
      EventBusName: bus,
      EventPattern: JSON.stringify(pattern),
      State: isEnabled ? 'ENABLED' : 'DISABLED',
    }));
    return { Rules };
  },

  ListTargetsByRule: ({ Rule, EventBusName }: { Rule: string; EventBusName?: string }) => ({
    Targets: buses.targets(busNameOf(EventBusName), Rule),
  }),
});
