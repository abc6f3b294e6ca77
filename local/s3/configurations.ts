import { readText } from './body.ts';
import type { Operation, Route } from './context.ts';
import { checkCors } from './cors.ts';
import { checkEncryption, DEFAULT_ENCRYPTION } from './encryption.ts';
import { S3Error, type S3ErrorCode } from './errors.ts';
import { checkLifecycle } from './lifecycle.ts';
import { checkNotification } from './notifications.ts';
import { checkBucketTagging } from './tagging.ts';
import { parseXml, textOf, type XmlTree } from './xml.ts';

/** A document that is put on a bucket, given back as it was put, and read by those whom it concerns. */
interface ConfigurationKind {
  /** The name in the query, under which it is stored too. */
  readonly query: string;
  readonly root: string;
  readonly operations: { readonly put: string; readonly get: string; readonly delete?: string };
  /** The answer where none was put: a refusal, or what holds then. */
  readonly unset: S3ErrorCode | XmlTree;
  /** Refuses what is no such document; may complete it. */
  readonly check: (document: XmlTree) => XmlTree;
  /** @default 200 */
  readonly putStatus?: number;
}

const KINDS: readonly ConfigurationKind[] = [
  {
    query: 'versioning',
    root: 'VersioningConfiguration',
    operations: { put: 'PutBucketVersioning', get: 'GetBucketVersioning' },
    unset: {},
    check: checkVersioning,
  },
  {
    query: 'cors',
    root: 'CORSConfiguration',
    operations: { put: 'PutBucketCors', get: 'GetBucketCors', delete: 'DeleteBucketCors' },
    unset: 'NoSuchCORSConfiguration',
    check: checkCors,
  },
  {
    query: 'lifecycle',
    root: 'LifecycleConfiguration',
    operations: {
      put: 'PutBucketLifecycleConfiguration',
      get: 'GetBucketLifecycleConfiguration',
      delete: 'DeleteBucketLifecycle',
    },
    unset: 'NoSuchLifecycleConfiguration',
    check: checkLifecycle,
  },
  {
    query: 'notification',
    root: 'NotificationConfiguration',
    operations: { put: 'PutBucketNotificationConfiguration', get: 'GetBucketNotificationConfiguration' },
    unset: {},
    check: checkNotification,
  },
  {
    query: 'encryption',
    root: 'ServerSideEncryptionConfiguration',
    operations: { put: 'PutBucketEncryption', get: 'GetBucketEncryption', delete: 'DeleteBucketEncryption' },
    unset: DEFAULT_ENCRYPTION,
    check: checkEncryption,
  },
  {
    query: 'publicAccessBlock',
    root: 'PublicAccessBlockConfiguration',
    operations: { put: 'PutPublicAccessBlock', get: 'GetPublicAccessBlock', delete: 'DeletePublicAccessBlock' },
    unset: 'NoSuchPublicAccessBlockConfiguration',
    check: (document) => document,
  },
  {
    query: 'ownershipControls',
    root: 'OwnershipControls',
    operations: {
      put: 'PutBucketOwnershipControls',
      get: 'GetBucketOwnershipControls',
      delete: 'DeleteBucketOwnershipControls',
    },
    unset: 'OwnershipControlsNotFoundError',
    check: (document) => document,
  },
  {
    query: 'tagging',
    root: 'Tagging',
    operations: { put: 'PutBucketTagging', get: 'GetBucketTagging', delete: 'DeleteBucketTagging' },
    unset: 'NoSuchTagSet',
    check: checkBucketTagging,
    putStatus: 204,
  },
];

export const configurationRoutes: readonly Route[] = KINDS.flatMap((kind) => {
  const { put, get, delete: remove } = kind.operations;
  const at = { scope: 'bucket', query: kind.query } as const;
  return [
    { ...at, method: 'PUT', operation: put, run: putConfiguration(kind) },
    { ...at, method: 'GET', operation: get, run: getConfiguration(kind) },
    ...(remove ? [{ ...at, method: 'DELETE', operation: remove, run: deleteConfiguration(kind) }] : []),
  ];
});

function putConfiguration({ query, root, check, putStatus = 200 }: ConfigurationKind): Operation {
  return async (request, s3) => {
    const document = check(parseXml(await readText(request), root));
    s3.buckets.configure(request.bucket, query, document);
    return { status: putStatus };
  };
}

function getConfiguration({ query, root, unset }: ConfigurationKind): Operation {
  return ({ bucket }, s3) => {
    const document = s3.buckets.configuration(bucket, query) ?? unset;
    if (typeof document === 'string') throw new S3Error(document, { members: { BucketName: bucket } });
    return { xml: { [root]: document } };
  };
}

function deleteConfiguration({ query }: ConfigurationKind): Operation {
  return ({ bucket }, s3) => {
    s3.buckets.removeConfiguration(bucket, query);
    return { status: 204 };
  };
}

function checkVersioning(document: XmlTree): XmlTree {
  if (!['Enabled', 'Suspended'].includes(textOf(document, 'Status') ?? '')) throw new S3Error('MalformedXML');
  if (textOf(document, 'MfaDelete') === 'Enabled') {
    throw new S3Error('NotImplemented', { message: 'deletion by MFA is not emulated' });
  }
  return document;
}
