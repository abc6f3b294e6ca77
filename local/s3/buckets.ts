import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';
import { readText } from './body.ts';
import type { Operation } from './context.ts';
import { S3Error } from './errors.ts';
import { abortUpload } from './multipart.ts';
import { parseXml, textOf } from './xml.ts';

export const OWNER = { ID: LOCAL_ACCOUNT, DisplayName: 'local' };

export const listBuckets: Operation = (_request, s3) => {
  const buckets = s3.buckets.all().map(({ name, region, createdAtMs }) => ({
    Name: name,
    CreationDate: new Date(createdAtMs).toISOString(),
    BucketRegion: region,
  }));
  return { xml: { ListAllMyBucketsResult: { Owner: OWNER, Buckets: { Bucket: buckets } } } };
};

/** As on AWS, who creates their bucket again is refused, but in us-east-1, where it has always been allowed. */
export const createBucket: Operation = async (request, s3) => {
  const { bucket: name, headers } = request;
  if (!isBucketName(name)) throw new S3Error('InvalidBucketName', { members: { BucketName: name } });
  if (headers['x-amz-bucket-object-lock-enabled'] === 'true') {
    throw new S3Error('NotImplemented', { members: { Header: 'x-amz-bucket-object-lock-enabled' } });
  }
  const document = await readText(request);
  const configuration = document ? parseXml(document, 'CreateBucketConfiguration') : {};
  const region = textOf(configuration, 'LocationConstraint') ?? LOCAL_REGION;
  const existing = s3.buckets.find(name);
  if (existing && !(existing.region === LOCAL_REGION && region === LOCAL_REGION)) {
    throw new S3Error('BucketAlreadyOwnedByYou', { members: { BucketName: name } });
  }
  if (!existing) s3.buckets.add({ name, region, createdAtMs: s3.now() });
  return { headers: { location: `/${name}` } };
};

export const headBucket: Operation = ({ bucket }, s3) => ({
  headers: { 'x-amz-bucket-region': s3.buckets.require(bucket).region },
});

/** Versions and delete markers keep a bucket; uploads in parts that nobody completed do not. */
export const deleteBucket: Operation = ({ bucket }, s3) => {
  if (s3.versions.hasAny(bucket)) throw new S3Error('BucketNotEmpty', { members: { BucketName: bucket } });
  for (const upload of s3.uploads.all(bucket)) abortUpload(s3, upload);
  s3.buckets.remove(bucket);
  return { status: 204 };
};

/** The first region's name is the empty one. */
export const getBucketLocation: Operation = ({ bucket }, s3) => {
  const { region } = s3.buckets.require(bucket);
  return { xml: { LocationConstraint: region === LOCAL_REGION ? {} : { '#text': region } } };
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
}
