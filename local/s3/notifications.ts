import { randomUUID } from 'node:crypto';
import type { Clock } from '../service.ts';
import type { BucketStore } from './bucket-store.ts';
import { S3Error } from './errors.ts';
import { type EventName, recordOf, type S3Event } from './event-record.ts';
import type { ObjectVersion } from './version-store.ts';
import { childOf, childrenOf, requiredText, textOf, textsOf, type XmlTree } from './xml.ts';

/** Where a bucket's configuration sends an event. */
export interface Destination {
  readonly type: 'queue' | 'lambda' | 'topic';
  readonly arn: string;
}

export type OnEvent = (destination: Destination, event: S3Event) => void | Promise<void>;

/** Tells those whom the bucket's configuration names of a change to a key. */
export type Notify = (name: EventName, version: ObjectVersion) => void;

interface NotifierOptions {
  readonly buckets: BucketStore;
  readonly now: Clock;
  readonly onEvent: OnEvent;
  /** Told of a delivery that failed: as on AWS, the writer of the object never is. */
  readonly onFault: (error: unknown) => void;
}

export function createNotifier({ buckets, now, onEvent, onFault }: NotifierOptions): Notify {
  let lastSequencer = 0;
  const deliver = async (destination: Destination, event: S3Event) => {
    try {
      await onEvent(destination, event);
    } catch (error) {
      onFault(error);
    }
  };
  return (name, version) => {
    const configuration = buckets.configuration(version.bucket, 'notification');
    if (!configuration) return;
    const timeMs = now();
    lastSequencer = Math.max(lastSequencer + 1, timeMs * 1000); // so that it also grows over a restart
    const occurrence = { name, timeMs, sequencer: lastSequencer, region: buckets.require(version.bucket).region };
    for (const rule of rulesOf(configuration).filter((rule) => covers(rule, name, version.key))) {
      void deliver(rule.destination, { Records: [recordOf(occurrence, version, rule.id)] });
    }
  };
}

/** Checks a configuration, and gives an id to each rule that has none. @throws {S3Error} InvalidArgument */
export function checkNotification(configuration: XmlTree): XmlTree {
  if (childOf(configuration, 'EventBridgeConfiguration')) {
    throw new S3Error('NotImplemented', { message: 'delivery to EventBridge is not emulated' });
  }
  const checked: Record<string, XmlTree[]> = {};
  for (const { element } of RULE_KINDS) {
    checked[element] = childrenOf(configuration, element).map((rule) => ({ Id: randomUUID(), ...rule }));
  }
  for (const rule of rulesOf(checked)) assertRule(rule);
  return checked;
}

interface Rule {
  readonly id: string;
  readonly destination: Destination;
  /** e.g. `s3:ObjectCreated:*` */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

const RULE_KINDS = [
  { element: 'QueueConfiguration', arnElement: 'Queue', type: 'queue', service: 'sqs' },
  { element: 'CloudFunctionConfiguration', arnElement: 'CloudFunction', type: 'lambda', service: 'lambda' },
  { element: 'TopicConfiguration', arnElement: 'Topic', type: 'topic', service: 'sns' },
] as const;

const EVENTS = /^s3:(ObjectCreated|ObjectRemoved|ObjectTagging|LifecycleExpiration):(\*|[A-Z][A-Za-z]+)$/;

function rulesOf(configuration: XmlTree): Rule[] {
  return RULE_KINDS.flatMap(({ element, arnElement, type }) =>
    childrenOf(configuration, element).map((rule) => ({
      id: textOf(rule, 'Id') ?? '',
      destination: { type, arn: requiredText(rule, arnElement) },
      events: textsOf(rule, 'Event'),
      ...keyFilter(rule),
    })),
  );
}

/** The names of the filter's rules are written `prefix` or `Prefix`, by CloudFormation and by the console. */
function keyFilter(rule: XmlTree): { prefix: string; suffix: string } {
  const key = childOf(childOf(rule, 'Filter') ?? {}, 'S3Key') ?? {};
  const values = childrenOf(key, 'FilterRule').map((filter) => [
    requiredText(filter, 'Name').toLowerCase(),
    textOf(filter, 'Value') ?? '',
  ]);
  return { prefix: '', suffix: '', ...Object.fromEntries(values) };
}

function covers({ events, prefix, suffix }: Rule, name: EventName, key: string): boolean {
  const isNamed = events.some((event) =>
    event.endsWith('*') ? `s3:${name}`.startsWith(event.slice(0, -1)) : event === `s3:${name}`,
  );
  return isNamed && key.startsWith(prefix) && key.endsWith(suffix);
}

function assertRule({ destination, events }: Rule): void {
  const { service } = RULE_KINDS.find(({ type }) => type === destination.type)!;
  if (!destination.arn.startsWith(`arn:aws:${service}:`)) {
    throw new S3Error('InvalidArgument', { message: 'The ARN could not be parsed' });
  }
  if (events.length === 0 || !events.every((event) => EVENTS.test(event))) {
    throw new S3Error('InvalidArgument', { message: 'The event is not supported for notifications' });
  }
}
