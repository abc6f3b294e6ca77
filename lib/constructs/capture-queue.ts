import { Duration, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** One message per prediction, for whatever watches the models; what cannot be read ends in a dead-letter queue. */
export class CaptureQueue extends Construct {
  readonly queue: IQueue;
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const secured = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } satisfies QueueProps;
    this.deadLetters = new Queue(this, 'DeadLetters', { ...secured, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, 'Queue', {
      ...secured,
      retentionPeriod: Duration.days(4), // less than the dead letters', which counts from the first sending
      visibilityTimeout: Duration.minutes(3), // six times what a consumer may take, as Lambda advises
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'this is where messages end: a person looks at them, and sends them back',
    });
  }

  /** Allows to send messages, and to read none. */
  grantSend(grantee: IGrantable): void {
    this.#allow(grantee, 'sqs:SendMessage');
  }

  /** Allows to ask whether the queue answers. */
  grantProbe(grantee: IGrantable): void {
    this.#allow(grantee, 'sqs:GetQueueAttributes');
  }

  #allow(grantee: IGrantable, ...actions: string[]): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.queue.queueArn] });
  }
}
