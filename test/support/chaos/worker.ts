import { enableCompileCache } from 'node:module';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

// A process that works on a queue as Lambda would, until it is killed: `worker.ts MODULE QUEUE_URL`. What went well is
// now and then not deleted, as when the answer of a function is lost: every message may come up to three times.

enableCompileCache(); // each of many starts is to be quick
const [module, QueueUrl] = process.argv.slice(2);
const MOST_DELIVERIES = 3;
const KEPT = 0.4;

const { handler } = (await import(module!)) as {
  handler: (event: SQSEvent) => Promise<SQSBatchResponse>;
};
const sqs = new SQSClient({ endpoint: process.env.PLAIN_SQS! });

const eventOf = (messages: readonly Message[]): SQSEvent =>
  ({
    Records: messages.map(({ MessageId, Body, Attributes }) => ({
      messageId: MessageId,
      body: Body,
      attributes: Attributes,
    })),
  }) as SQSEvent;

const shuffled = <T>(values: readonly T[]): T[] => values.toSorted(() => Math.random() - 0.5);

async function settle({ Attributes, ReceiptHandle }: Message): Promise<void> {
  const deliveries = Number(Attributes!.ApproximateReceiveCount);
  if (deliveries < MOST_DELIVERIES && Math.random() < KEPT) return;
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
}

for (;;) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 1,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    }),
  );
  if (Messages.length === 0) continue;
  process.send?.(Messages.length);
  const { batchItemFailures } = await handler(eventOf(Messages));
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const message of shuffled(Messages)) if (!failed.has(message.MessageId!)) await settle(message);
}
