import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Destination } from './s3/index.ts';
import { LOCAL_ACCOUNT } from './service.ts';
import type { LocalServices } from './services.ts';

const destinationTypes: Readonly<Record<string, Destination['type']>> = {
  sqs: 'queue',
  lambda: 'lambda',
  sns: 'topic',
};

/** What an ARN names. */
export function destinationOf(arn: string): Destination {
  const type = destinationTypes[arn.split(':')[2]!];
  if (!type) throw new Error(`events cannot be sent to ${arn}: only queues and functions are emulated as targets`);
  return { type, arn };
}

/** Takes the events of buckets and buses to the queues and functions that ask for them. */
export class EventDelivery {
  readonly #services: Pick<LocalServices, 'lambda' | 'sqs'>;
  readonly #sqs: SQSClient;

  constructor(services: Pick<LocalServices, 'lambda' | 'sqs'>, sqs: SQSClient) {
    this.#services = services;
    this.#sqs = sqs;
  }

  async deliver({ type, arn }: Destination, event: unknown): Promise<void> {
    if (type === 'lambda') await this.#services.lambda.invoke(arn, event, { type: 'Event' });
    else if (type === 'queue') await this.#send(arn, event);
    else throw new Error(`events cannot be sent to ${arn}: topics are not emulated`);
  }

  async #send(queueArn: string, event: unknown): Promise<void> {
    const { SendMessageCommand } = await import('@aws-sdk/client-sqs');
    const QueueUrl = `${this.#services.sqs.url}/${LOCAL_ACCOUNT}/${queueArn.split(':').at(-1)}`;
    await this.#sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
  }
}
