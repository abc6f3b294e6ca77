import { randomUUID } from 'node:crypto';
import { atomically } from '../atomically.ts';
import type { AwsCall, AwsOperation } from '../aws-json.ts';
import type { Message } from './messages.ts';
import { optionalInteger, VISIBILITY_TIMEOUT_SECONDS } from './parameters.ts';
import { numberOf } from './queue-attributes.ts';
import { isFifo, type Queue, queueArn } from './queues.ts';
import { presentMessage, type WantedAttributes } from './received-message.ts';
import { redrivePolicyOf } from './redrive-policy.ts';
import type { Sqs } from './state.ts';

interface ReceiveInput extends WantedAttributes {
  readonly QueueUrl?: string;
  readonly MaxNumberOfMessages?: number;
  readonly VisibilityTimeout?: number;
  readonly WaitTimeSeconds?: number;
}

export function receiveOperations(sqs: Sqs): Record<string, AwsOperation> {
  return {
    ReceiveMessage: async (input: ReceiveInput, { signal }: AwsCall) => {
      const queue = sqs.queues.byUrl(input.QueueUrl);
      const limit = optionalInteger(input.MaxNumberOfMessages, 'MaxNumberOfMessages', { min: 1, max: 10 }) ?? 1;
      const visibilitySeconds = optionalInteger(
        input.VisibilityTimeout,
        'VisibilityTimeout',
        VISIBILITY_TIMEOUT_SECONDS,
      );
      const waitSeconds =
        optionalInteger(input.WaitTimeSeconds, 'WaitTimeSeconds', { min: 0, max: 20 }) ??
        numberOf(queue, 'ReceiveMessageWaitTimeSeconds');
      // The queue is looked up anew for every attempt: while a poll waits, it may be changed or deleted.
      const take = () => takeMessages(sqs, sqs.queues.get(queue.name), { limit, visibilitySeconds });
      const messages = await sqs.polls.take(queue.name, take, { waitMs: waitSeconds * 1000, signal });
      return { Messages: messages.length ? messages.map((message) => presentMessage(message, input)) : undefined };
    },
  };
}

interface Take {
  readonly limit: number;
  readonly visibilitySeconds: number | undefined;
}

/** Hands out what is ready, after what has been received too often went to the dead-letter queue. */
function takeMessages(sqs: Sqs, queue: Queue, { limit, visibilitySeconds }: Take): Message[] {
  const { messages, now } = sqs;
  const visibleAtMs = now() + (visibilitySeconds ?? numberOf(queue, 'VisibilityTimeout')) * 1000;
  return atomically(sqs.db, () => {
    messages.expire(queue.name, numberOf(queue, 'MessageRetentionPeriod'));
    giveUp(sqs, queue);
    const ready = messages.ready(queue.name, limit, isFifo(queue));
    return ready.map(({ seq }) => messages.markReceived(seq, randomUUID(), visibleAtMs));
  });
}

/** Moves to the dead-letter queue what has been received too often. */
function giveUp({ queues, messages, polls }: Sqs, queue: Queue): void {
  const policy = redrivePolicyOf(queue);
  const target = policy && queues.findByArn(policy.deadLetterTargetArn);
  if (!target) return;
  const from = { queue: queue.name, arn: queueArn(queue.name) };
  const moved = messages.moveExhausted(from, { queue: target.name, fifo: isFifo(target) }, policy.maxReceiveCount);
  // Polls of the dead-letter queue get their turn after this take, which is one transaction.
  if (moved > 0) queueMicrotask(() => polls.serve(target.name));
}
