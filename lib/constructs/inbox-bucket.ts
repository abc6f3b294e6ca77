import { inboxFolders } from '@kilat/contracts';
import { Duration, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  BucketNotificationDestinationType,
  EventType,
  HttpMethods,
  type IBucketNotificationDestination,
} from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import { TenantBucket, type TenantBucketProps } from './tenant-bucket.ts';

export interface InboxBucketProps extends TenantBucketProps {
  /** told of each photo that is dropped */
  readonly drops: IQueue;
  /** origins of the browser applications that may upload */
  readonly corsOrigins: readonly string[];
}

/** Where photos come in by themselves: dropped to be classified at once, uploaded for a job, or laid down for one. */
export class InboxBucket extends TenantBucket {
  constructor(scope: Construct, id: string, { retention, retainData, drops, corsOrigins }: InboxBucketProps) {
    super(scope, id, {
      retainData,
      lifecycleRules: [
        {
          id: 'forget-what-came-in',
          expiration: retention,
          noncurrentVersionExpiration: Duration.days(7), // time to undo a mistaken deletion
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      ...(corsOrigins.length > 0 && {
        cors: [{ allowedOrigins: [...corsOrigins], allowedMethods: [HttpMethods.POST], allowedHeaders: ['*'] }],
      }),
    });
    this.bucket.addEventNotification(EventType.OBJECT_CREATED, toQueue(drops), { prefix: inboxFolders.inbox });
    acknowledgeNotifier(this);
  }

  /** Allows to sign forms for uploads: whoever signs must be allowed what the form does. */
  grantUpload(grantee: IGrantable & IConstruct): void {
    this.allow(grantee, inboxFolders.uploads, ['s3:PutObject']);
  }

  /** Allows to read what lies in the inbox, and to list it. */
  grantRead(grantee: IGrantable & IConstruct): void {
    this.grantList(grantee);
    this.allow(grantee, '', ['s3:GetObject']);
  }

  /** Allows to read what was uploaded, or laid down to learn from. */
  grantReadSources(grantee: IGrantable & IConstruct): void {
    this.grantList(grantee);
    for (const folder of [inboxFolders.inbox, inboxFolders.sources, inboxFolders.uploads]) {
      this.allow(grantee, folder, ['s3:GetObject']);
    }
  }

  /** Allows to take up what was uploaded: each as it was when it was looked at, whatever is put in its place. */
  grantTakeUploads(grantee: IGrantable & IConstruct): void {
    this.grantList(grantee);
    this.allow(grantee, inboxFolders.uploads, ['s3:GetObject', 's3:GetObjectVersion']);
  }

  /** Allows to write results, and to move to `rejected/` the versions that are no photos. */
  grantSort(grantee: IGrantable & IConstruct): void {
    this.allow(grantee, inboxFolders.results, ['s3:PutObject']);
    this.allow(grantee, inboxFolders.rejected, ['s3:PutObject']);
    this.allow(grantee, inboxFolders.inbox, ['s3:GetObjectVersion', 's3:DeleteObjectVersion']);
  }
}

/** As SqsDestination does it, but without the two actions that it grants and S3 never calls. */
const toQueue = (queue: IQueue): IBucketNotificationDestination => ({
  bind(_scope, { bucketRef }) {
    const sender = new ServicePrincipal('s3.amazonaws.com', {
      conditions: { ArnLike: { 'aws:SourceArn': bucketRef.bucketArn } },
    });
    Grant.addToPrincipalOrResource({
      grantee: sender,
      actions: ['sqs:SendMessage'],
      resourceArns: [queue.queueArn],
      resource: queue,
    });
    return { arn: queue.queueArn, type: BucketNotificationDestinationType.QUEUE, dependencies: [queue] };
  },
});

/** The CDK's own function, which sets notifications at deployment and never runs again. */
function acknowledgeNotifier({ bucket }: InboxBucket): void {
  const notifier = bucket.stack.node.children.find(({ node }) => node.id.startsWith('BucketNotificationsHandler'))!;
  Validations.of(notifier).acknowledge(
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      reason: 'the CDK writes it so',
    },
    { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'the CDK has one such function for all buckets of a stack' },
  );
}
