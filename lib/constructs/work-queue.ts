import { Duration, Names, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventSourceMappingOptions, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { GuardedQueue } from './guarded-queue.ts';

export interface WorkQueueProps {
  /** what the function that works on it may take */
  readonly timeout: Duration;
}

/** Lambda's advice: a batch that is throttled meanwhile must not come back before it was tried. */
const VISIBILITY_FACTOR = 6;

const MAX_RECEIVES = 3;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions */
const POLLING = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** Work for one function, with a place for what fails three times, and an alarm once something lies there. */
export class WorkQueue extends GuardedQueue {
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, { timeout }: WorkQueueProps) {
    const visibilityTimeout = Duration.seconds(timeout.toSeconds() * VISIBILITY_FACTOR);
    super(scope, id, { visibilityTimeout, maxReceives: MAX_RECEIVES });
    this.alarm = this.#addAlarm();
  }

  /** Has a function work on it; of a batch, what fails comes back alone. */
  feed(fn: IFunction, props: Pick<EventSourceMappingOptions, 'batchSize' | 'maxConcurrency'>): void {
    const { queueArn: eventSourceArn, node } = this.queue;
    // As SqsEventSource does it, under the same id, but without the two actions that it grants and Lambda never calls.
    fn.addEventSourceMapping(`SqsEventSource:${Names.nodeUniqueId(node)}`, {
      ...props,
      eventSourceArn,
      reportBatchItemFailures: true,
    });
    this.allow(fn, ...POLLING);
    Validations.of(fn).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'a mapping of a queue has none: what fails goes to the dead letters of the queue itself',
    });
  }

  #addAlarm(): Alarm {
    return new Alarm(this, 'DeadLettersAlarm', {
      alarmDescription: 'Messages failed three times: look at them, mend the cause, send them back',
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
