import {
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  paginateListQueues,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';

/** A queue of what failed three times. */
export interface DeadLetters {
  /** of the queue that it serves: `batches`, `control` or `captures` */
  readonly name: string;
  readonly url: string;
  readonly messages: number;
}

/** `kilat-local-storage-BatchesDeadLetters…` serves the batches. */
const DEAD_LETTERS = /-([A-Za-z]+)DeadLetters\w*(-\w+)?$/;

/** The dead letters of a stage, by name. */
export async function deadLetters(client: SQSClient, stage: string): Promise<DeadLetters[]> {
  const found: DeadLetters[] = [];
  for await (const { QueueUrls = [] } of paginateListQueues({ client }, { QueueNamePrefix: `kilat-${stage}-` })) {
    for (const url of QueueUrls) {
      const name = DEAD_LETTERS.exec(url)?.[1]?.toLowerCase();
      if (name) found.push({ name, url, messages: (await stateOf(client, url)).messages });
    }
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

async function stateOf(client: SQSClient, QueueUrl: string): Promise<{ arn: string; messages: number }> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn', 'ApproximateNumberOfMessages'] }),
  );
  return { arn: Attributes!.QueueArn!, messages: Number(Attributes!.ApproximateNumberOfMessages) };
}

/** Has SQS send the messages to the queue that these serve, those too that a person put here. */
export async function redrive(client: SQSClient, { url }: DeadLetters): Promise<void> {
  const { queueUrls = [] } = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: url }));
  const [from, to] = [await stateOf(client, url), await stateOf(client, queueUrls[0]!)];
  await client.send(new StartMessageMoveTaskCommand({ SourceArn: from.arn, DestinationArn: to.arn }));
}
