import { randomUUID } from 'node:crypto';
import { atomically } from '../atomically.ts';
import type { AwsOperation } from '../aws-json.ts';
import { checkBatch, eachEntry } from './batch.ts';
import { deduplicationKey } from './deduplication.ts';
import { SqsError, wrongQueueType } from './errors.ts';
import {
  bytesOfAttributes,
  checkMessageAttributes,
  type MessageAttributes,
  md5,
  md5OfAttributes,
} from './message-attributes.ts';
import { assertAllowedCharacters } from './message-text.ts';
import { optionalInteger, required } from './parameters.ts';
import { numberOf } from './queue-attributes.ts';
import { isFifo, type Queue } from './queues.ts';
import { sequenceNumber } from './sequence-number.ts';
import type { Sqs } from './state.ts';

const MAX_BATCH_BYTES = 1_048_576;

interface Outgoing {
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: MessageAttributes;
  readonly MessageSystemAttributes?: MessageAttributes;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

interface OutgoingEntry extends Outgoing {
  readonly Id: string;
}

export function sendOperations(sqs: Sqs): Record<string, AwsOperation> {
  return {
    SendMessage: (input: Outgoing & { QueueUrl?: string }) => {
      const queue = sqs.queues.byUrl(input.QueueUrl);
      const sent = atomically(sqs.db, () => send(sqs, queue, input));
      sqs.polls.serve(queue.name);
      return sent;
    },
    SendMessageBatch: (input: { QueueUrl?: string; Entries?: OutgoingEntry[] }) => {
      const queue = sqs.queues.byUrl(input.QueueUrl);
      const entries = checkBatch(input.Entries);
      checkBatchSize(entries);
      const result = atomically(sqs.db, () => eachEntry(entries, (entry) => send(sqs, queue, entry)));
      sqs.polls.serve(queue.name);
      return result;
    },
  };
}

/** Refuses before it writes anything, so that a batch may hold good and bad entries in one transaction. */
function send(sqs: Sqs, queue: Queue, message: Outgoing) {
  checkMessage(queue, message);
  const key = deduplicationKey(queue, message);
  const first = key && sqs.deduplication.find(key);
  const messageId = first?.messageId ?? randomUUID();
  const seq = first?.seq ?? store(sqs, queue, { message, messageId, deduplicationId: key?.id ?? null });
  if (key && !first) sqs.deduplication.remember(key, { seq, messageId });
  return { MessageId: messageId, SequenceNumber: key && sequenceNumber(seq), ...digests(message) };
}

function store(
  sqs: Sqs,
  queue: Queue,
  sent: { message: Outgoing; messageId: string; deduplicationId: string | null },
): number {
  const { message, messageId, deduplicationId } = sent;
  const delaySeconds = message.DelaySeconds ?? numberOf(queue, 'DelaySeconds');
  return sqs.messages.add({
    queue: queue.name,
    id: messageId,
    body: message.MessageBody,
    attributes: isEmpty(message.MessageAttributes) ? null : JSON.stringify(message.MessageAttributes),
    traceHeader: message.MessageSystemAttributes?.AWSTraceHeader?.StringValue ?? null,
    groupId: message.MessageGroupId ?? null,
    deduplicationId,
    visibleAtMs: sqs.now() + delaySeconds * 1000,
  });
}

function digests({ MessageBody, MessageAttributes, MessageSystemAttributes }: Outgoing) {
  const digest = (attributes: MessageAttributes | undefined) =>
    attributes && !isEmpty(attributes) ? md5OfAttributes(attributes) : undefined;
  return {
    MD5OfMessageBody: md5(MessageBody),
    MD5OfMessageAttributes: digest(MessageAttributes),
    MD5OfMessageSystemAttributes: digest(MessageSystemAttributes),
  };
}

const isEmpty = (attributes: MessageAttributes | undefined) => Object.keys(attributes ?? {}).length === 0;

function checkMessage(queue: Queue, message: Outgoing): void {
  assertAllowedCharacters(required(message.MessageBody, 'MessageBody'));
  checkMessageAttributes(message.MessageAttributes ?? {});
  const delay = optionalInteger(message.DelaySeconds, 'DelaySeconds', { min: 0, max: 900 });
  if (delay && isFifo(queue)) throw wrongQueueType('DelaySeconds', delay);
  const maxBytes = numberOf(queue, 'MaximumMessageSize');
  if (bytesOf(message) > maxBytes) {
    throw new SqsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${maxBytes} bytes.`,
    );
  }
}

function checkBatchSize(entries: readonly Outgoing[]): void {
  const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  if (bytes > MAX_BATCH_BYTES) {
    throw new SqsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MAX_BATCH_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
  }
}

const bytesOf = ({ MessageBody, MessageAttributes }: Outgoing) =>
  Buffer.byteLength(MessageBody ?? '') + bytesOfAttributes(MessageAttributes ?? {});
