import { setTimeout as pause } from 'node:timers/promises';
import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import type { LambdaService } from '../lambda/index.ts';
import { LOCAL_ACCOUNT } from '../service.ts';
import { failedMessages, type SqsEvent, sqsRecord } from './sqs-event.ts';

/** How messages of a queue reach a function. */
export interface QueueMapping {
  readonly queueArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  /** How long a batch may wait to fill up. */
  readonly batchingWindowMs: number;
  /** Whether the function names the messages that failed; else a batch succeeds or fails as one. */
  readonly reportsItemFailures: boolean;
  /** Batches at once. */
  readonly concurrency: number;
}

export interface QueuePollerServices {
  readonly sqs: SQSClient;
  readonly sqsUrl: string;
  readonly lambda: Pick<LambdaService, 'invoke'>;
  readonly onFault: (error: unknown) => void;
}

const LONGEST_WAIT_MS = 20_000;
/** What one call of ReceiveMessage and DeleteMessageBatch takes. */
const MAX_MESSAGES_PER_CALL = 10;
const PAUSE_AFTER_FAULT_MS = 1000;

export const isQueueArn = (arn: string): boolean => arn.startsWith('arn:aws:sqs:');

/**
 * Polls a queue for a function, as Lambda's event source mapping does. Messages that fail are left alone: they come
 * back when their visibility timeout ends, and go where the queue's redrive policy says.
 */
export class QueuePoller {
  readonly #mapping: QueueMapping;
  readonly #services: QueuePollerServices;
  readonly #queueUrl: string;
  readonly #abort = new AbortController();
  #loops: readonly Promise<void>[] = [];

  constructor(mapping: QueueMapping, services: QueuePollerServices) {
    this.#mapping = mapping;
    this.#services = services;
    this.#queueUrl = `${services.sqsUrl}/${LOCAL_ACCOUNT}/${mapping.queueArn.split(':').at(-1)}`;
  }

  start(): void {
    this.#loops = Array.from({ length: this.#mapping.concurrency }, () => this.#poll());
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#loops);
  }

  async #poll(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      try {
        const batch = await this.#gather();
        if (batch.length > 0) await this.#handOver(batch);
      } catch (error) {
        if (signal.aborted) return;
        this.#services.onFault(error);
        await pause(PAUSE_AFTER_FAULT_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** The first message may be long in coming; from then on the window counts. */
  async #gather(): Promise<Message[]> {
    const { batchSize, batchingWindowMs } = this.#mapping;
    const batch = await this.#receive(batchSize, LONGEST_WAIT_MS);
    const closesAt = performance.now() + batchingWindowMs;
    while (batch.length > 0 && batch.length < batchSize) {
      const leftMs = closesAt - performance.now();
      if (leftMs <= 0 || this.#abort.signal.aborted) break;
      batch.push(...(await this.#receive(batchSize - batch.length, leftMs)));
    }
    return batch;
  }

  async #receive(count: number, waitMs: number): Promise<Message[]> {
    const { ReceiveMessageCommand } = await import('@aws-sdk/client-sqs');
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#queueUrl,
      MaxNumberOfMessages: Math.min(count, MAX_MESSAGES_PER_CALL),
      WaitTimeSeconds: Math.floor(waitMs / 1000),
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await this.#services.sqs.send(command, { abortSignal: this.#abort.signal });
    return Messages;
  }

  async #handOver(batch: readonly Message[]): Promise<void> {
    const { functionName, queueArn, reportsItemFailures } = this.#mapping;
    const event: SqsEvent = { Records: batch.map((message) => sqsRecord(message, queueArn)) };
    const result = await this.#services.lambda.invoke(functionName, event);
    if (result.functionError) return;
    const failed = reportsItemFailures ? failedMessages(event, result.payload) : new Set();
    await this.#delete(batch.filter(({ MessageId }) => !failed.has(MessageId!)));
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    const { DeleteMessageBatchCommand } = await import('@aws-sdk/client-sqs');
    for (let start = 0; start < messages.length; start += MAX_MESSAGES_PER_CALL) {
      const Entries = messages
        .slice(start, start + MAX_MESSAGES_PER_CALL)
        .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.#services.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries }));
    }
  }
}
