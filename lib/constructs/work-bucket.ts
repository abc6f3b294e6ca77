import { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import { TenantBucket, type TenantBucketProps } from './tenant-bucket.ts';

/** What jobs are made of: requests, plans, results of chunks and of the whole. */
export class WorkBucket extends TenantBucket {
  constructor(scope: Construct, id: string, { retention, retainData }: TenantBucketProps) {
    super(scope, id, {
      retainData,
      lifecycleRules: [
        {
          id: 'forget-jobs',
          expiration: retention,
          noncurrentVersionExpiration: Duration.days(1), // nothing is written over but by its like
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
  }

  /** Allows to read what is known to be there, and to write; whoever looks whether something is must be let list. */
  grantReadWrite(grantee: IGrantable & IConstruct): void {
    this.allow(grantee, '', ['s3:GetObject', 's3:PutObject']);
  }
}
