import type { AccessRequest, OperationAccess, RefusalStyle } from '../iam/index.ts';
import { arnOf, type Buses, busNameOf, ruleArn } from './buses.ts';

export const refusalStyle: RefusalStyle = { status: 400 };

interface Entry {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
}

interface OfRule {
  readonly Name?: string;
  readonly Rule?: string;
  readonly EventBusName?: string;
}

const onRule =
  (action: string) =>
  ({ Name, Rule = Name ?? '', EventBusName }: OfRule): AccessRequest[] => [
    { action: `events:${action}`, resource: ruleArn({ bus: busNameOf(EventBusName), name: Rule }) },
  ];

/**
 * What each operation asks for. One entry that may not be put refuses the whole call.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
 */
export const operationAccess = (buses: Buses): OperationAccess => ({
  PutEvents: ({ Entries = [] }: { Entries?: readonly Entry[] }) => Entries.map((entry) => putEntry(buses, entry)),
  CreateEventBus: ({ Name = '' }: { Name?: string }) => [
    { action: 'events:CreateEventBus', resource: arnOf(`event-bus/${Name}`) },
  ],
  PutRule: onRule('PutRule'),
  PutTargets: onRule('PutTargets'),
  ListTargetsByRule: onRule('ListTargetsByRule'),
  ListRules: () => [{ action: 'events:ListRules', resource: '*' }],
});

function putEntry(buses: Buses, { EventBusName, Source = '', DetailType = '' }: Entry): AccessRequest {
  const bus = busNameOf(EventBusName);
  const holder = arnOf(`event-bus/${bus}`);
  const json = buses.policy(bus);
  return {
    action: 'events:PutEvents',
    resource: holder,
    context: { 'events:source': Source, 'events:detail-type': DetailType },
    resourcePolicy: json === undefined ? undefined : { holder, json },
  };
}
