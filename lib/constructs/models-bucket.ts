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

  /** Allows to read what training found out. */
  grantReadRuns(grantee: IGrantable & IConstruct): void {
    this.allow(grantee, 'runs/', ['s3:GetObject']);
  }

  /** Allows to keep datasets and what runs find out, to read both and versions, and to add versions. */
  grantTrain(grantee: IGrantable & IConstruct): void {
    this.grantList(grantee); // or S3 says "forbidden" of a dataset that is merely not there yet
    this.grantReadModels(grantee);
    this.grantAddModels(grantee);
    for (const folder of ['datasets/', 'runs/']) this.allow(grantee, folder, ['s3:GetObject', 's3:PutObject']);
  }

  /** Allows to add the files of versions. */
  grantAddModels(grantee: IGrantable & IConstruct): void {
    this.allow(grantee, 'models/', ['s3:PutObject']);
  }
}
