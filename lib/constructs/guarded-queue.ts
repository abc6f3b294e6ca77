import { Duration, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface GuardedQueueSettings {
  /** how long a message that was received stays hidden: six times what its consumer may take, as Lambda advises */
  readonly visibilityTimeout: Duration;
  /** after how many receives a message is put among the dead letters */
  readonly maxReceives: number;
}

/** An encrypted queue over TLS alone, with a place for what fails again and again. */
export abstract class GuardedQueue extends Construct {
  readonly queue: IQueue;
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, { visibilityTimeout, maxReceives }: GuardedQueueSettings) {
    super(scope, id);
    const secured = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } satisfies QueueProps;
    this.deadLetters = new Queue(this, 'DeadLetters', { ...secured, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, 'Queue', {
      ...secured,
      retentionPeriod: Duration.days(4), // less than the dead letters', which counts from the first sending
      visibilityTimeout,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxReceives },
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'this is where messages end: a person looks at them, and sends them back',
    });
  }

  /** Allows to send messages, and to read none. */
  grantSend(grantee: IGrantable): void {
    this.allow(grantee, 'sqs:SendMessage');
  }

  protected allow(grantee: IGrantable, ...actions: string[]): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.queue.queueArn] });
  }
}
