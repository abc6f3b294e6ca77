import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Destination, S3Event } from './s3/index.ts';
import { LOCAL_ACCOUNT } from './service.ts';
import type { LocalServices } from './services.ts';

/** Takes the events of buckets to the queues and functions that ask for them. */
export class EventDelivery {
  readonly #services: Pick<LocalServices, 'lambda' | 'sqs'>;
  readonly #sqs: SQSClient;

  constructor(services: Pick<LocalServices, 'lambda' | 'sqs'>, sqs: SQSClient) {
    this.#services = services;
    this.#sqs = sqs;
  }

  async deliver({ type, arn }: Destination, event: S3Event): Promise<void> {
    if (type === 'lambda') await this.#services.lambda.invoke(arn, event, { type: 'Event' });
    else if (type === 'queue') await this.#send(arn, event);
    else throw new Error(`events cannot be sent to ${arn}: topics are not emulated`);
  }

  async #send(queueArn: string, event: S3Event): Promise<void> {
    const { SendMessageCommand } = await import('@aws-sdk/client-sqs');
    const QueueUrl = `${this.#services.sqs.url}/${LOCAL_ACCOUNT}/${queueArn.split(':').at(-1)}`;
    await this.#sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
  }
}
