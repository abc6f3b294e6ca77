import type { SQSClient } from '@aws-sdk/client-sqs';
import { LOCAL_ACCOUNT } from '../service.ts';
import { physicalName } from './names.ts';
import { arn, type Identify, type Resource } from './resource.ts';
import type { Json } from './template.ts';

export const queueIdentity: Identify = (resource) => {
  const name = resource.explicitName('QueueName') ?? generatedName(resource);
  return {
    physicalName: name,
    ref: `${resource.addresses.sqs}/${LOCAL_ACCOUNT}/${name}`,
    attributes: {
      Arn: arn('sqs', name),
      QueueName: name,
      QueueUrl: `${resource.addresses.sqs}/${LOCAL_ACCOUNT}/${name}`,
    },
  };
};

function generatedName(resource: Parameters<Identify>[0]): string {
  return resource.explicitName('FifoQueue') ? `${physicalName(resource, 75)}.fifo` : physicalName(resource, 80);
}

const ATTRIBUTES = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
  'RedrivePolicy',
  'RedriveAllowPolicy',
] as const;
const FIFO_ATTRIBUTES = ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'] as const;

export interface DeclaredQueues {
  readonly queues: readonly Resource[];
  readonly policies: readonly Resource[];
}

/** The policy that the template puts at a queue; of several, AWS keeps the last. */
export const queuePolicy = (queue: Resource, policies: readonly Resource[]): Json | undefined =>
  policies.findLast(({ properties }) => (properties.Queues as readonly Json[]).includes(queue.ref))?.properties
    .PolicyDocument;

/** Makes all queues, then sets them: a redrive policy may name any of them, its own dead-letter queue's included. */
export async function applyQueues({ queues, policies }: DeclaredQueues, client: SQSClient): Promise<void> {
  const { CreateQueueCommand, SetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
  const create = ({ physicalName: QueueName, properties }: Resource) =>
    client.send(
      new CreateQueueCommand({ QueueName, ...(properties.FifoQueue ? { Attributes: { FifoQueue: 'true' } } : {}) }),
    );
  const set = (queue: Resource) =>
    client.send(new SetQueueAttributesCommand({ QueueUrl: queue.ref, Attributes: attributesOf(queue, policies) }));
  await Promise.all(queues.map(create));
  await Promise.all(queues.map(set));
}

/** An attribute that the template no longer sets is sent empty, which takes it back to its default. */
function attributesOf(queue: Resource, policies: readonly Resource[]): Record<string, string> {
  const { properties } = queue;
  const names = properties.FifoQueue ? [...ATTRIBUTES, ...FIFO_ATTRIBUTES] : ATTRIBUTES;
  const given = Object.fromEntries(names.map((name) => [name, attributeText(properties[name])]));
  return { ...given, Policy: attributeText(queuePolicy(queue, policies)) };
}

const attributeText = (value: Json | undefined): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value ?? '');
