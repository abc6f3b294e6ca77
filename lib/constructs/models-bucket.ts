import { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import { TenantBucket, type TenantBucketSettings } from './tenant-bucket.ts';

/** Where registered versions lie, under `models/`; what they were trained on and what training found out, beside them. */
export class ModelsBucket extends TenantBucket {
  constructor(scope: Construct, id: string, { retainData }: Pick<TenantBucketSettings, 'retainData'>) {
    super(scope, id, {
      retainData,
      lifecycleRules: [
        {
          id: 'forget-what-was-replaced',
          noncurrentVersionExpiration: Duration.days(30), // time to undo a mistaken deletion
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
  }

  /** Allows to read the files of versions. */
  grantReadModels(grantee: IGrantable & IConstruct): void {
    this.allow(grantee, 'models/', ['s3:GetObject']);
  }

  /** Allows to add the files of versions. */
  grantAddModels(grantee: IGrantable & IConstruct): void {
    this.allow(grantee, 'models/', ['s3:PutObject']);
  }
}
