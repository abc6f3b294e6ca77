import { atomically } from '../atomically.ts';
import type { AwsOperation } from '../aws-json.ts';
import { checkBatch, eachEntry } from './batch.ts';
import { invalidValue, SqsError } from './errors.ts';
import type { Message } from './messages.ts';
import { optionalInteger, required, VISIBILITY_TIMEOUT_SECONDS } from './parameters.ts';
import { isFifo, type Queue } from './queues.ts';
import { decodeReceiptHandle } from './receipt-handle.ts';
import type { Sqs } from './state.ts';

interface Received {
  readonly ReceiptHandle?: string;
  readonly VisibilityTimeout?: number;
}

interface ReceivedEntry extends Received {
  readonly Id: string;
}

/** What a consumer does with a message that it has received: delete it, or change when it is seen again. */
export function inFlightOperations(sqs: Sqs): Record<string, AwsOperation> {
  const one = (run: typeof deleteMessage) => (input: Received & { QueueUrl?: string }) => {
    const queue = sqs.queues.byUrl(input.QueueUrl);
    run(sqs, queue, input);
    sqs.polls.serve(queue.name);
  };
  const batch = (run: typeof deleteMessage) => (input: { QueueUrl?: string; Entries?: ReceivedEntry[] }) => {
    const queue = sqs.queues.byUrl(input.QueueUrl);
    const entries = checkBatch(input.Entries);
    const result = atomically(sqs.db, () => eachEntry(entries, (entry) => run(sqs, queue, entry)));
    sqs.polls.serve(queue.name);
    return result;
  };
  return {
    DeleteMessage: one(deleteMessage),
    DeleteMessageBatch: batch(deleteMessage),
    ChangeMessageVisibility: one(changeVisibility),
    ChangeMessageVisibilityBatch: batch(changeVisibility),
  };
}

/** A stale handle is no error, and deletes nothing: the message belongs to whoever received it last. */
function deleteMessage({ messages, now }: Sqs, queue: Queue, { ReceiptHandle }: Received): undefined {
  const handle = required(ReceiptHandle, 'ReceiptHandle');
  const message = byHandle(messages, queue, handle);
  if (!message) return;
  if (isFifo(queue) && message.visibleAtMs <= now()) {
    throw invalidValue('ReceiptHandle', handle, 'The receipt handle has expired.');
  }
  messages.delete(message.seq);
}

function changeVisibility({ messages, now }: Sqs, queue: Queue, input: Received): undefined {
  const handle = required(input.ReceiptHandle, 'ReceiptHandle');
  const seconds = required(
    optionalInteger(input.VisibilityTimeout, 'VisibilityTimeout', VISIBILITY_TIMEOUT_SECONDS),
    'VisibilityTimeout',
  );
  const message = byHandle(messages, queue, handle);
  if (!message) {
    throw invalidValue(
      'ReceiptHandle',
      handle,
      'Message does not exist or is not available for visibility timeout change.',
    );
  }
  if (message.visibleAtMs <= now()) throw new SqsError('MessageNotInflight', "The specified message isn't in flight.");
  messages.setVisibleAt(message.seq, now() + seconds * 1000);
}

/** The message, unless it is gone, went to a dead-letter queue, or has been received again since. */
function byHandle(messages: Sqs['messages'], queue: Queue, handle: string): Message | undefined {
  const { seq, receipt } = decodeReceiptHandle(handle, queue.name);
  const message = messages.find(seq);
  return message?.queue === queue.name && message.receipt === receipt ? message : undefined;
}
