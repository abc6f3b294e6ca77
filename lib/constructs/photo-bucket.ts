import { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import { TenantBucket, type TenantBucketProps } from './tenant-bucket.ts';

/** The photos that predictions were made from; every key begins with a tenant's id. */
export class PhotoBucket extends TenantBucket {
  constructor(scope: Construct, id: string, { retention, retainData }: TenantBucketProps) {
    super(scope, id, {
      retainData,
      lifecycleRules: [
        {
          id: 'forget-photos',
          expiration: retention,
          noncurrentVersionExpiration: Duration.days(7), // time to undo a mistaken deletion
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
  }

  /** Allows to add photos. */
  grantAdd(grantee: IGrantable & IConstruct): void {
    this.allow(grantee, '', ['s3:PutObject']);
  }

  /** Allows to read photos again. */
  grantRead(grantee: IGrantable & IConstruct): void {
    this.grantList(grantee); // or S3 says "forbidden" of what is merely not there
    this.allow(grantee, '', ['s3:GetObject']);
  }
}
