import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';

export interface PhotoBucketProps {
  /** how long a photo is kept */
  readonly retention: Duration;
  /** true: the bucket and its photos outlive the stack */
  readonly retainData: boolean;
}

/** The photos that predictions were made from; every key begins with a tenant's id. */
export class PhotoBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { retention, retainData }: PhotoBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      autoDeleteObjects: !retainData,
      lifecycleRules: [
        {
          id: 'forget-photos',
          expiration: retention,
          noncurrentVersionExpiration: Duration.days(7), // time to undo a mistaken deletion
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'only the functions reach the photos, and the gateway logs every request that reaches them',
    });
  }

  /** Allows to add photos, and to read none. */
  grantAdd(grantee: IGrantable & IConstruct): void {
    const photos = this.bucket.arnForObjects('*');
    Grant.addToPrincipal({ grantee, actions: ['s3:PutObject'], resourceArns: [photos] });
    Validations.of(grantee).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${this.#exportedArn()}/*]`,
      reason: 'the keys of photos are made with each request',
    });
  }

  /** cdk-nag names a resource of another stack by the export that leads to it. */
  #exportedArn(): string {
    const { stack, bucketArn } = this.bucket;
    return stack.resolve(stack.exportValue(bucketArn))['Fn::ImportValue'];
  }

  /** Allows to ask whether the bucket answers: for HeadBucket, S3 wants the right to list. */
  grantProbe(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.bucket.bucketArn] });
  }
}
