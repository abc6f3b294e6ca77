import { PolicyError, readPolicy } from '../iam/index.ts';
import { readText } from './body.ts';
import type { Operation, S3Context } from './context.ts';
import { S3Error } from './errors.ts';
import { textOf } from './xml.ts';

export const putBucketPolicy: Operation = async (request, s3) => {
  const policy = await readText(request);
  if (!isPolicy(policy)) throw new S3Error('MalformedPolicy');
  assertValid(request.bucket, policy);
  s3.buckets.configure(request.bucket, 'policy', { json: policy });
  return { status: 204 };
};

export const getBucketPolicy: Operation = ({ bucket }, s3) => {
  const policy = bucketPolicyOf(s3, bucket);
  if (policy === undefined) throw new S3Error('NoSuchBucketPolicy', { members: { BucketName: bucket } });
  return { headers: { 'content-type': 'application/json' }, body: policy };
};

export const deleteBucketPolicy: Operation = ({ bucket }, s3) => {
  s3.buckets.removeConfiguration(bucket, 'policy');
  return { status: 204 };
};

/** The policy of a bucket, as it was put. */
export const bucketPolicyOf = ({ buckets }: Pick<S3Context, 'buckets'>, bucket: string): string | undefined =>
  textOf(buckets.configuration(bucket, 'policy') ?? {}, 'json');

/** @throws {S3Error} MalformedPolicy, for one that reads what is not emulated too */
function assertValid(bucket: string, policy: string): void {
  try {
    readPolicy('resource', `of ${bucket}`, JSON.parse(policy));
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new S3Error('MalformedPolicy', { message: error.message });
  }
}

function isPolicy(text: string): boolean {
  try {
    return text.startsWith('{') && 'Statement' in JSON.parse(text);
  } catch {
    return false;
  }
}
