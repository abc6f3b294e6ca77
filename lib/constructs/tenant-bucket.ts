import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CorsRule,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';

export interface TenantBucketProps {
  /** how long an object is kept */
  readonly retention: Duration;
  /** true: the bucket and its objects outlive the stack */
  readonly retainData: boolean;
}

export interface TenantBucketSettings extends Pick<TenantBucketProps, 'retainData'> {
  readonly lifecycleRules: LifecycleRule[];
  /** @default - no browser may */
  readonly cors?: CorsRule[];
}

/** A private bucket whose keys hold the tenant's id: encrypted, versioned, over TLS alone. */
export abstract class TenantBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { lifecycleRules, retainData, cors }: TenantBucketSettings) {
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
      lifecycleRules,
      ...(cors ? { cors } : {}),
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'only the functions reach the objects, and the gateway logs every request that reaches them',
    });
  }

  /** Allows to ask whether the bucket answers, and what it holds: for HeadBucket, S3 wants the right to list. */
  grantList(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.bucket.bucketArn] });
  }

  /** Allows something with the objects under a prefix. */
  protected allow(grantee: IGrantable & IConstruct, prefix: string, actions: string[]): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.bucket.arnForObjects(`${prefix}*`)] });
    Validations.of(grantee).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${this.#exportedArn()}/${prefix}*]`,
      reason: 'keys are made with each request',
    });
  }

  /** cdk-nag names a resource of another stack by the export that leads to it. */
  #exportedArn(): string {
    const { stack, bucketArn } = this.bucket;
    return stack.resolve(stack.exportValue(bucketArn))['Fn::ImportValue'];
  }
}
