import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll } from 'vitest';
import type { Clock } from '../../../local/service.ts';
import { startSqs } from '../../../local/sqs/index.ts';
import { clientConfig, serviceUnderTest } from '../../support/endpoint.ts';

/** A client of the SQS under test, which ends with the file's cases. */
export async function sqsUnderTest(now: Clock = Date.now): Promise<SQSClient> {
  const dir = await mkdtemp(join(tmpdir(), 'kilat-sqs-'));
  const service = await serviceUnderTest(() => startSqs({ dir, now }));
  const client = new SQSClient(clientConfig(service.url));
  afterAll(async () => {
    client.destroy();
    await service.close();
    await rm(dir, { recursive: true });
  });
  return client;
}

export const uniqueName = () => `conformance-${randomUUID()}`;

/** A queue that no other case uses. */
export class TestQueue {
  readonly client: SQSClient;
  readonly url: string;

  constructor(client: SQSClient, url: string) {
    this.client = client;
    this.url = url;
  }

  static async create(client: SQSClient, attributes: Record<string, string> = {}): Promise<TestQueue> {
    const name = attributes.FifoQueue ? `${uniqueName()}.fifo` : uniqueName();
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
    return new TestQueue(client, QueueUrl as string);
  }

  async attribute(name: string): Promise<string | undefined> {
    const { Attributes } = await this.client.send(
      new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: ['All'] }),
    );
    return (Attributes as Record<string, string>)[name];
  }

  async arn(): Promise<string> {
    return (await this.attribute('QueueArn')) as string;
  }

  send(body: string, options: Partial<SendMessageCommandInput> = {}) {
    return this.client.send(new SendMessageCommand({ QueueUrl: this.url, MessageBody: body, ...options }));
  }

  delete(receiptHandle: string) {
    return this.client.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle: receiptHandle }));
  }

  changeVisibility(receiptHandle: string, seconds: number) {
    return this.client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: this.url,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  }

  async receive(options: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
    const { Messages } = await this.client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
        ...options,
      }),
    );
    return Messages ?? [];
  }

  /** @throws when there is none */
  async receiveOne(options: Partial<ReceiveMessageCommandInput> = {}): Promise<Message & { ReceiptHandle: string }> {
    const [message] = await this.receive({ MaxNumberOfMessages: 1, ...options });
    if (!message) throw new Error('the queue gave no message');
    return message as Message & { ReceiptHandle: string };
  }
}

export const bodiesOf = (messages: Message[]): Array<string | undefined> => messages.map(({ Body }) => Body);
