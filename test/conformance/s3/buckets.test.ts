import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { clientConfig } from '../../support/endpoint.ts';
import { newBucketName, refusalOf, useS3 } from '../../support/s3.ts';

const s3 = useS3();

describe('buckets', () => {
  it('creates, finds and lists a bucket', async () => {
    const bucket = await s3.newBucket();

    const head = await s3.client.send(new HeadBucketCommand({ Bucket: bucket }));
    const { Buckets } = await s3.client.send(new ListBucketsCommand({}));

    expect(head.BucketRegion).toBe('us-east-1');
    expect(Buckets?.map(({ Name }) => Name)).toContain(bucket);
  });

  it('gives an empty location to a bucket in us-east-1', async () => {
    const bucket = await s3.newBucket();

    const { LocationConstraint } = await s3.client.send(new GetBucketLocationCommand({ Bucket: bucket }));

    expect(LocationConstraint || undefined).toBeUndefined();
  });

  it('refuses to create a bucket again elsewhere than in us-east-1', async () => {
    const client = new S3Client({ ...clientConfig(s3.url), region: 'eu-west-1', forcePathStyle: true });
    const create = new CreateBucketCommand({
      Bucket: newBucketName(),
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    });
    await client.send(create);

    const refusal = await refusalOf(client.send(create));

    expect(refusal).toEqual({ code: 'BucketAlreadyOwnedByYou', status: 409 });
    await client.send(new DeleteBucketCommand(create.input));
  });

  it('lets an owner create their bucket again in us-east-1, as it always has been', async () => {
    const bucket = await s3.newBucket();
    await s3.put(bucket, 'kept', 'x');

    await s3.client.send(new CreateBucketCommand({ Bucket: bucket }));

    expect(await s3.read(bucket, 'kept')).toBe('x');
  });

  it('refuses a name that no bucket may have', async () => {
    const refusal = await refusalOf(s3.client.send(new CreateBucketCommand({ Bucket: 'Not_A_Bucket' })));

    expect(refusal).toEqual({ code: 'InvalidBucketName', status: 400 });
  });

  it('keeps a bucket that is not empty', async () => {
    const bucket = await s3.newBucket();
    await s3.put(bucket, 'key', 'x');

    const refusal = await refusalOf(s3.client.send(new DeleteBucketCommand({ Bucket: bucket })));

    expect(refusal).toEqual({ code: 'BucketNotEmpty', status: 409 });
  });

  it('knows a deleted bucket no more', async () => {
    const bucket = await s3.newBucket();
    await s3.client.send(new DeleteBucketCommand({ Bucket: bucket }));

    const list = await refusalOf(s3.client.send(new ListObjectsV2Command({ Bucket: bucket })));
    const head = await refusalOf(s3.client.send(new HeadBucketCommand({ Bucket: bucket })));

    expect(list).toEqual({ code: 'NoSuchBucket', status: 404 });
    expect(head).toEqual({ code: 'NotFound', status: 404 });
  });
});

describe('configurations of a bucket', () => {
  it('encrypts with AES256 where nothing else was configured', async () => {
    const bucket = await s3.newBucket();

    const { ServerSideEncryptionConfiguration: encryption } = await s3.client.send(
      new GetBucketEncryptionCommand({ Bucket: bucket }),
    );

    expect(encryption?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe('AES256');
  });

  it('keeps the encryption of a bucket', async () => {
    const bucket = await s3.newBucket();
    const rule = {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'alias/k' },
    };
    await s3.client.send(
      new PutBucketEncryptionCommand({ Bucket: bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }),
    );

    const { ServerSideEncryptionConfiguration: encryption } = await s3.client.send(
      new GetBucketEncryptionCommand({ Bucket: bucket }),
    );

    expect(encryption?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual(rule.ApplyServerSideEncryptionByDefault);
  });

  it('keeps the block of public access', async () => {
    const bucket = await s3.newBucket();
    const block = {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    };
    await s3.client.send(new PutPublicAccessBlockCommand({ Bucket: bucket, PublicAccessBlockConfiguration: block }));

    const { PublicAccessBlockConfiguration } = await s3.client.send(
      new GetPublicAccessBlockCommand({ Bucket: bucket }),
    );

    expect(PublicAccessBlockConfiguration).toEqual(block);
  });

  it('keeps a policy, word for word, until it is deleted', async () => {
    const bucket = await s3.newBucket();
    const statement = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${bucket}/x` };
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await s3.client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }));

    const { Policy } = await s3.client.send(new GetBucketPolicyCommand({ Bucket: bucket }));
    await s3.client.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
    const refusal = await refusalOf(s3.client.send(new GetBucketPolicyCommand({ Bucket: bucket })));

    expect(Policy).toBe(policy);
    expect(refusal).toEqual({ code: 'NoSuchBucketPolicy', status: 404 });
  });

  it('keeps the tags of a bucket', async () => {
    const bucket = await s3.newBucket();
    const TagSet = [
      { Key: 'stage', Value: 'test' },
      { Key: 'cost', Value: 'a + b' },
    ];
    await s3.client.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet } }));

    const tagging = await s3.client.send(new GetBucketTaggingCommand({ Bucket: bucket }));

    expect(tagging.TagSet).toEqual(TagSet);
  });
});
