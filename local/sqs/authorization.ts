import type { AccessRequest, OperationAccess, RefusalStyle } from '../iam/index.ts';
import { sourceArnOf } from './move-task-operations.ts';
import { type QueueStore, queueArn } from './queues.ts';

/** SQS writes the action of a refusal in lower case. */
export const refusalStyle: RefusalStyle = { status: 403, spelling: { action: (action) => action.toLowerCase() } };

interface OfQueue {
  readonly QueueUrl?: string;
}

interface OfMove {
  readonly SourceArn?: string;
  readonly DestinationArn?: string;
  readonly TaskHandle?: string;
}

/**
 * What each operation asks for. Batches are allowed by the action of their single form.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 */
export function operationAccess(queues: QueueStore): OperationAccess {
  const at = (arn: string, ...actions: string[]): AccessRequest[] => {
    const json = queues.findByArn(arn)?.attributes.Policy;
    const resourcePolicy = json ? { holder: arn, json } : undefined;
    return actions.map((action) => ({ action: `sqs:${action}`, resource: arn, resourcePolicy }));
  };
  const byUrl =
    (action: string) =>
    ({ QueueUrl = '' }: OfQueue) =>
      at(queueArn(QueueUrl.split('/').at(-1)!), action);
  const byName =
    (action: string) =>
    ({ QueueName = '' }: { QueueName?: string }) =>
      at(queueArn(QueueName), action);
  return {
    CreateQueue: byName('CreateQueue'),
    GetQueueUrl: byName('GetQueueUrl'),
    ListQueues: () => [{ action: 'sqs:ListQueues', resource: '*' }],
    DeleteQueue: byUrl('DeleteQueue'),
    ListDeadLetterSourceQueues: byUrl('ListDeadLetterSourceQueues'),
    GetQueueAttributes: byUrl('GetQueueAttributes'),
    SetQueueAttributes: byUrl('SetQueueAttributes'),
    PurgeQueue: byUrl('PurgeQueue'),
    TagQueue: byUrl('TagQueue'),
    UntagQueue: byUrl('UntagQueue'),
    ListQueueTags: byUrl('ListQueueTags'),
    SendMessage: byUrl('SendMessage'),
    SendMessageBatch: byUrl('SendMessage'),
    ReceiveMessage: byUrl('ReceiveMessage'),
    DeleteMessage: byUrl('DeleteMessage'),
    DeleteMessageBatch: byUrl('DeleteMessage'),
    ChangeMessageVisibility: byUrl('ChangeMessageVisibility'),
    ChangeMessageVisibilityBatch: byUrl('ChangeMessageVisibility'),
    StartMessageMoveTask: ({ SourceArn = '', DestinationArn }: OfMove) => [
      ...at(SourceArn, 'StartMessageMoveTask', ...OF_MOVED_MESSAGES),
      ...(DestinationArn ? at(DestinationArn, 'SendMessage') : []),
    ],
    ListMessageMoveTasks: ({ SourceArn = '' }: OfMove) => at(SourceArn, 'ListMessageMoveTasks'),
    CancelMessageMoveTask: ({ TaskHandle = '' }: OfMove) =>
      at(sourceArnOf(TaskHandle), 'CancelMessageMoveTask', ...OF_MOVED_MESSAGES),
  };
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
const OF_MOVED_MESSAGES = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];
