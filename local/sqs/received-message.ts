import { md5, md5OfAttributes, selectAttributes } from './message-attributes.ts';
import type { Message } from './messages.ts';
import { isFifo } from './queues.ts';
import { encodeReceiptHandle } from './receipt-handle.ts';
import { sequenceNumber } from './sequence-number.ts';

export interface WantedAttributes {
  /** The name of old for `MessageSystemAttributeNames`. */
  readonly AttributeNames?: string[];
  readonly MessageSystemAttributeNames?: string[];
  readonly MessageAttributeNames?: string[];
}

/** A message as a receiver gets it: with the attributes that were asked for, and no others. */
export function presentMessage(message: Message, wanted: WantedAttributes) {
  const attributes = message.attributes
    ? selectAttributes(JSON.parse(message.attributes), wanted.MessageAttributeNames ?? [])
    : undefined;
  return {
    MessageId: message.id,
    ReceiptHandle: encodeReceiptHandle({ queue: message.queue, seq: message.seq, receipt: message.receipt ?? '' }),
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: systemAttributes(message, [
      ...(wanted.AttributeNames ?? []),
      ...(wanted.MessageSystemAttributeNames ?? []),
    ]),
    MessageAttributes: attributes,
    MD5OfMessageAttributes: attributes && md5OfAttributes(attributes),
  };
}

function systemAttributes(message: Message, wanted: readonly string[]): Record<string, string> | undefined {
  const all = {
    SenderId: 'AIDALOCALUSER',
    SentTimestamp: String(message.sentAtMs),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.sourceArn,
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: isFifo({ name: message.queue }) ? sequenceNumber(message.seq) : null,
  };
  const chosen = Object.entries(all).filter(
    ([name, value]) => value !== null && (wanted.includes('All') || wanted.includes(name)),
  );
  return chosen.length ? (Object.fromEntries(chosen) as Record<string, string>) : undefined;
}
