import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { ChunkMessage } from '@kilat/contracts';
import { type ChunkQueue, type ControlQueue, type ShadowQueue, StoreUnavailableError } from '@kilat/core';
import { aws } from './aws-clients.ts';

export const controlQueue = (QueueUrl: string): ControlQueue => ({
  async send(message) {
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
  },
});

export const shadowQueue = (QueueUrl: string): Pick<ShadowQueue, 'send'> => ({
  async send(message) {
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
  },
});

/** What one call takes. */
const MAX_ENTRIES = 10;

export const chunkQueue = (QueueUrl: string): ChunkQueue => ({
  async sendAll(messages) {
    for (let first = 0; first < messages.length; first += MAX_ENTRIES) {
      await sendBatch(QueueUrl, messages.slice(first, first + MAX_ENTRIES));
    }
  },
});

async function sendBatch(QueueUrl: string, messages: readonly ChunkMessage[]): Promise<void> {
  const Entries = messages.map((message, index) => ({ Id: String(index), MessageBody: JSON.stringify(message) }));
  const { Failed = [] } = await aws.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  if (Failed.length === 0) return;
  const reasons = Failed.map(({ Code }) => Code).join(', ');
  throw new StoreUnavailableError(`${Failed.length} of ${messages.length} messages were not sent: ${reasons}`);
}
