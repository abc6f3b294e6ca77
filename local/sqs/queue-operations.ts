import type { AwsOperation } from '../aws-json.ts';
import { LOCAL_ACCOUNT } from '../service.ts';
import { SqsError } from './errors.ts';
import { pageOf, required } from './parameters.ts';
import { checkAttributes, effectiveAttributes, numberOf, sameValue, unknownAttribute } from './queue-attributes.ts';
import { type Queue, queueArn } from './queues.ts';
import { checkRedrivePolicy, sourcesOf } from './redrive-policy.ts';
import type { Sqs } from './state.ts';

export function queueOperations(sqs: Sqs): Record<string, AwsOperation> {
  const { queues, messages, polls, now } = sqs;
  const urlOf = (name: string) => `${sqs.url()}/${LOCAL_ACCOUNT}/${name}`;
  return {
    CreateQueue: ({ QueueName, Attributes = {}, tags = {} }) => {
      const name = required<string>(QueueName, 'QueueName');
      checkName(name, Attributes);
      checkAttributes({ name }, Attributes);
      const existing = queues.find(name);
      if (existing) checkSame(existing, Attributes);
      else createQueue(sqs, name, { attributes: Attributes, tags });
      return { QueueUrl: urlOf(name) };
    },
    DeleteQueue: ({ QueueUrl }) => {
      const { name } = queues.byUrl(QueueUrl);
      queues.delete(name);
      messages.purge(name);
      sqs.deduplication.forget(name);
      polls.serve(name);
    },
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: urlOf(queues.get(required(QueueName, 'QueueName')).name) }),
    ListQueues: (input) => {
      const names = queues.all().map(({ name }) => name);
      const { page, nextToken } = pageOf(
        names.filter((name) => name.startsWith(input.QueueNamePrefix ?? '')),
        input,
      );
      return { QueueUrls: page.length ? page.map(urlOf) : undefined, NextToken: nextToken };
    },
    ListDeadLetterSourceQueues: (input) => {
      const sources = sourcesOf(queues, queues.byUrl(input.QueueUrl)).map(({ name }) => name);
      const { page, nextToken } = pageOf(sources, input);
      return { queueUrls: page.map(urlOf), NextToken: nextToken };
    },
    GetQueueAttributes: ({ QueueUrl, AttributeNames = [] }) => {
      const all = shownAttributes(sqs, queues.byUrl(QueueUrl));
      return { Attributes: select(all, AttributeNames) };
    },
    SetQueueAttributes: ({ QueueUrl, Attributes }) => {
      const queue = queues.byUrl(QueueUrl);
      checkAttributes(queue, required<Record<string, string>>(Attributes, 'Attributes'));
      const changed = {
        ...queue,
        attributes: withoutEmpty({ ...queue.attributes, ...Attributes }),
        modifiedAtMs: now(),
      };
      checkRedrivePolicy(queues, changed);
      queues.save(changed);
      polls.serve(queue.name);
    },
    PurgeQueue: ({ QueueUrl }) => messages.purge(queues.byUrl(QueueUrl).name),
  };
}

function createQueue({ queues, now }: Sqs, name: string, given: Pick<Queue, 'attributes' | 'tags'>): void {
  const queue = {
    name,
    tags: given.tags,
    attributes: withoutEmpty(given.attributes),
    createdAtMs: now(),
    modifiedAtMs: now(),
  };
  checkRedrivePolicy(queues, queue);
  queues.save(queue);
}

function checkName(name: string, attributes: Record<string, string>): void {
  const isFifoWanted = attributes.FifoQueue === 'true';
  const pattern = isFifoWanted ? /^[\w-]{1,75}\.fifo$/ : /^[\w-]{1,80}$/;
  if (pattern.test(name)) return;
  const suffix = isFifoWanted ? ', and must end with .fifo' : '';
  throw new SqsError(
    'InvalidParameterValue',
    `Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length${suffix}`,
  );
}

/** Creating a queue anew is no error unless an attribute that is given differs; what is not given is not compared. */
function checkSame(existing: Queue, attributes: Record<string, string>): void {
  const current = effectiveAttributes(existing);
  for (const [name, value] of Object.entries(attributes)) {
    if (!sameValue(current[name], value)) {
      throw new SqsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${name}`,
      );
    }
  }
}

function shownAttributes({ messages }: Sqs, queue: Queue): Record<string, string> {
  messages.expire(queue.name, numberOf(queue, 'MessageRetentionPeriod'));
  const counts = messages.count(queue.name);
  return {
    ...effectiveAttributes(queue),
    QueueArn: queueArn(queue.name),
    CreatedTimestamp: String(Math.floor(queue.createdAtMs / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAtMs / 1000)),
    ApproximateNumberOfMessages: String(counts.ready),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
  };
}

const OPTIONAL = new Set([
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
]);

function select(all: Record<string, string>, names: readonly string[]): Record<string, string> | undefined {
  if (names.includes('All')) return all;
  for (const name of names) if (!(name in all) && !OPTIONAL.has(name)) throw unknownAttribute(name);
  const chosen = Object.entries(all).filter(([name]) => names.includes(name));
  return chosen.length ? Object.fromEntries(chosen) : undefined;
}

const withoutEmpty = (attributes: Record<string, string>) =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''));
