import { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GuardedQueue } from './guarded-queue.ts';

/** One message per prediction, for whatever watches the models. */
export class CaptureQueue extends GuardedQueue {
  constructor(scope: Construct, id: string) {
    super(scope, id, { visibilityTimeout: Duration.minutes(3), maxReceives: 5 });
  }

  /** Allows to ask whether the queue answers. */
  grantProbe(grantee: IGrantable): void {
    this.allow(grantee, 'sqs:GetQueueAttributes');
  }
}
