import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import type { Observability } from './observability.ts';

export type BatchHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

/**
 * What every queue's handler wears: it checks each message, hands all of a batch over at once, and names those that
 * failed for redelivery; the others are done. The operation meets every message more than once, now and then.
 */
export function batch<S extends z.ZodType>(
  { logger, messagesFailed }: Pick<Observability, 'logger' | 'messagesFailed'>,
  schema: S,
  handle: (message: z.output<S>) => Promise<void>,
): BatchHandler {
  async function handleRecord({ body, messageId, attributes }: SQSRecord): Promise<void> {
    try {
      await handle(schema.parse(JSON.parse(body)));
    } catch (error) {
      const receives = Number(attributes.ApproximateReceiveCount);
      logger.error('message failed', { message_id: messageId, receives, error: error as Error });
      throw error;
    }
  }

  return async (event) => {
    const processor = new BatchProcessor(EventType.SQS);
    // Were a batch of failures to throw, Lambda would count an error of the function, which is none.
    const response = await processPartialResponse(event, handleRecord, processor, { throwOnFullBatchFailure: false });
    messagesFailed(response.batchItemFailures.length);
    return response as SQSBatchResponse;
  };
}
