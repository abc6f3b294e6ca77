import { invalidValue } from './errors.ts';
import { isFifo, type Queue, type QueueStore, queueArn } from './queues.ts';

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** The queue's own policy; CloudFormation writes the count as a number, some tools as a string. */
export function redrivePolicyOf(queue: Pick<Queue, 'attributes'>): RedrivePolicy | undefined {
  if (!queue.attributes.RedrivePolicy) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(queue.attributes.RedrivePolicy);
  return { deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
}

/** @throws {SqsError} InvalidParameterValue, when the queue may not use the dead-letter queue that its policy names */
export function checkRedrivePolicy(queues: QueueStore, queue: Pick<Queue, 'name' | 'attributes'>): void {
  const policy = redrivePolicyOf(queue);
  if (!policy) return;
  const refuse = (reason: string) => invalidValue('RedrivePolicy', queue.attributes.RedrivePolicy, reason);
  const { deadLetterTargetArn, maxReceiveCount } = policy;
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > 1000) {
    throw refuse('Invalid value for maxReceiveCount, must be between 1 and 1000.');
  }
  if (typeof deadLetterTargetArn !== 'string')
    throw refuse('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  const target = queues.findByArn(deadLetterTargetArn);
  if (!target) throw refuse('Dead letter target does not exist.');
  if (isFifo(target) !== isFifo(queue)) {
    throw refuse('Dead-letter queue must be same type of queue as the source.');
  }
  if (!allows(target, queueArn(queue.name))) {
    throw refuse('Queue is not permitted to use this dead-letter queue by its RedriveAllowPolicy.');
  }
}

function allows(target: Queue, sourceArn: string): boolean {
  const { redrivePermission = 'allowAll', sourceQueueArns = [] } = JSON.parse(
    target.attributes.RedriveAllowPolicy ?? '{}',
  );
  return redrivePermission === 'allowAll' || (redrivePermission === 'byQueue' && sourceQueueArns.includes(sourceArn));
}

/** The queues whose dead letters go to this one. */
export function sourcesOf(queues: QueueStore, deadLetterQueue: Queue): Queue[] {
  const arn = queueArn(deadLetterQueue.name);
  return queues.all().filter((queue) => redrivePolicyOf(queue)?.deadLetterTargetArn === arn);
}
