import type { AccessRequest, Context } from '../iam/index.ts';
import type { S3Context } from './context.ts';
import { type CopySource, copySourceOf } from './copy-source.ts';
import type { S3Request } from './request.ts';

type RequestsOf = (request: S3Request, s3: S3Context) => readonly AccessRequest[];

export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;
export const objectArn = (bucket: string, key: string): string => `${bucketArn(bucket)}/${key}`;

const onBucket =
  (action: string, contextOf: (request: S3Request) => Context = () => ({})): RequestsOf =>
  (request) => [{ action: `s3:${action}`, resource: bucketArn(request.bucket), context: contextOf(request) }];

/** Of an object or, where the request names one, of a version of it. */
const onObject =
  (...actions: string[]): RequestsOf =>
  ({ bucket, key, query }) =>
    actions.map((action) => objectAccess(action, { bucket, key, versionId: query.get('versionId') ?? undefined }));

/** What an action on an object asks for; that on a version is another one: `GetObjectVersion`. */
export function objectAccess(action: string, { bucket, key, versionId }: CopySource): AccessRequest {
  const resource = objectArn(bucket, key);
  if (versionId === undefined) return { action: `s3:${action}`, resource };
  const context = { 's3:VersionId': versionId };
  return { action: `s3:${action.replace('Object', 'ObjectVersion')}`, resource, context };
}

/** What writing an object asks for, its tags included. @param headers of the request, or the fields of a form */
export function writeAccess({ bucket, key, headers }: Pick<S3Request, 'bucket' | 'key' | 'headers'>): AccessRequest[] {
  const resource = objectArn(bucket, key);
  const isTagged = headers['x-amz-tagging'] ?? headers.tagging;
  return [
    { action: 's3:PutObject', resource, context: named(headers, OF_WRITES) },
    ...(isTagged ? [{ action: 's3:PutObjectTagging', resource }] : []),
  ];
}

/** Of a key, whichever versions it has. */
const onKey =
  (action: string): RequestsOf =>
  ({ bucket, key }) => [{ action: `s3:${action}`, resource: objectArn(bucket, key) }];

const onSource: RequestsOf = (request) => [objectAccess('GetObject', copySourceOf(request))];

/** The tags of a source are copied with it, unless the request has others. */
const onCopiedTags: RequestsOf = (request, s3) => {
  const { bucket, key, headers } = request;
  const source = copySourceOf(request);
  if (headers['x-amz-tagging-directive'] === 'REPLACE' || tagCountOf(source, s3) === 0) return [];
  return [
    objectAccess('GetObjectTagging', source),
    { action: 's3:PutObjectTagging', resource: objectArn(bucket, key) },
  ];
};

function tagCountOf({ bucket, key, versionId }: CopySource, s3: S3Context): number {
  const version = versionId === undefined ? s3.versions.latest(bucket, key) : s3.versions.byId(bucket, key, versionId);
  return version?.tags.length ?? 0;
}

const both =
  (...parts: RequestsOf[]): RequestsOf =>
  (request, s3) =>
    parts.flatMap((part) => part(request, s3));

const listing = ({ query }: S3Request): Context => ({
  ...optional('s3:prefix', query.get('prefix')),
  ...optional('s3:delimiter', query.get('delimiter')),
  ...optional('s3:max-keys', query.get('max-keys')),
});

/** The headers of a write that condition keys are named after. */
const OF_WRITES = [
  ...['if-match', 'if-none-match', 'x-amz-acl', 'x-amz-copy-source', 'x-amz-metadata-directive'],
  ...['x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id', 'x-amz-storage-class'],
];

const named = (headers: S3Request['headers'], names: readonly string[]): Context =>
  Object.assign({}, ...names.map((name) => optional(`s3:${name}`, headers[name])));

const optional = (key: string, value: string | null | undefined): Context => (value ? { [key]: value } : {});

/** Known only once the body is read: the operation itself sees to it. */
const decidedLater: RequestsOf = () => [];

/**
 * What each operation asks for; what removes a configuration is allowed by what puts it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export const operationAccess: Readonly<Record<string, RequestsOf>> = {
  ListBuckets: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  CreateBucket: onBucket('CreateBucket'),
  HeadBucket: onBucket('ListBucket'),
  DeleteBucket: onBucket('DeleteBucket'),
  ListObjects: onBucket('ListBucket', listing),
  ListObjectsV2: onBucket('ListBucket', listing),
  ListObjectVersions: onBucket('ListBucketVersions', listing),
  ListMultipartUploads: onBucket('ListBucketMultipartUploads'),
  GetBucketLocation: onBucket('GetBucketLocation'),
  PutBucketPolicy: onBucket('PutBucketPolicy'),
  GetBucketPolicy: onBucket('GetBucketPolicy'),
  DeleteBucketPolicy: onBucket('DeleteBucketPolicy'),
  PutBucketVersioning: onBucket('PutBucketVersioning'),
  GetBucketVersioning: onBucket('GetBucketVersioning'),
  PutBucketCors: onBucket('PutBucketCORS'),
  GetBucketCors: onBucket('GetBucketCORS'),
  DeleteBucketCors: onBucket('PutBucketCORS'),
  PutBucketLifecycleConfiguration: onBucket('PutLifecycleConfiguration'),
  GetBucketLifecycleConfiguration: onBucket('GetLifecycleConfiguration'),
  DeleteBucketLifecycle: onBucket('PutLifecycleConfiguration'),
  PutBucketNotificationConfiguration: onBucket('PutBucketNotification'),
  GetBucketNotificationConfiguration: onBucket('GetBucketNotification'),
  PutBucketEncryption: onBucket('PutEncryptionConfiguration'),
  GetBucketEncryption: onBucket('GetEncryptionConfiguration'),
  DeleteBucketEncryption: onBucket('PutEncryptionConfiguration'),
  PutPublicAccessBlock: onBucket('PutBucketPublicAccessBlock'),
  GetPublicAccessBlock: onBucket('GetBucketPublicAccessBlock'),
  DeletePublicAccessBlock: onBucket('PutBucketPublicAccessBlock'),
  PutBucketOwnershipControls: onBucket('PutBucketOwnershipControls'),
  GetBucketOwnershipControls: onBucket('GetBucketOwnershipControls'),
  DeleteBucketOwnershipControls: onBucket('PutBucketOwnershipControls'),
  PutBucketTagging: onBucket('PutBucketTagging'),
  GetBucketTagging: onBucket('GetBucketTagging'),
  DeleteBucketTagging: onBucket('PutBucketTagging'),

  PutObject: writeAccess,
  PostObject: decidedLater,
  CopyObject: both(onSource, onCopiedTags, writeAccess),
  GetObject: onObject('GetObject'),
  HeadObject: onObject('GetObject'),
  GetObjectAttributes: onObject('GetObject', 'GetObjectAttributes'),
  DeleteObject: onObject('DeleteObject'),
  DeleteObjects: decidedLater,
  PutObjectTagging: onObject('PutObjectTagging'),
  GetObjectTagging: onObject('GetObjectTagging'),
  DeleteObjectTagging: onObject('DeleteObjectTagging'),
  CreateMultipartUpload: writeAccess,
  UploadPart: onKey('PutObject'),
  UploadPartCopy: both(onSource, onKey('PutObject')),
  ListParts: onKey('ListMultipartUploadParts'),
  CompleteMultipartUpload: onKey('PutObject'),
  AbortMultipartUpload: onKey('AbortMultipartUpload'),
};
