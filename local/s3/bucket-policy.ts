import { readText } from './body.ts';
import type { Operation } from './context.ts';
import { S3Error } from './errors.ts';
import { textOf } from './xml.ts';

/** Stored and given back; nothing is allowed or denied by it. */
export const putBucketPolicy: Operation = async (request, s3) => {
  const policy = await readText(request);
  if (!isPolicy(policy)) throw new S3Error('MalformedPolicy');
  s3.buckets.configure(request.bucket, 'policy', { json: policy });
  return { status: 204 };
};

export const getBucketPolicy: Operation = ({ bucket }, s3) => {
  const policy = textOf(s3.buckets.configuration(bucket, 'policy') ?? {}, 'json');
  if (policy === undefined) throw new S3Error('NoSuchBucketPolicy', { members: { BucketName: bucket } });
  return { headers: { 'content-type': 'application/json' }, body: policy };
};

export const deleteBucketPolicy: Operation = ({ bucket }, s3) => {
  s3.buckets.removeConfiguration(bucket, 'policy');
  return { status: 204 };
};

function isPolicy(text: string): boolean {
  try {
    return text.startsWith('{') && 'Statement' in JSON.parse(text);
  } catch {
    return false;
  }
}
