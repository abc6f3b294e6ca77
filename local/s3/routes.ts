import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from './bucket-policy.ts';
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from './buckets.ts';
import { configurationRoutes } from './configurations.ts';
import type { Route } from './context.ts';
import { copyObject } from './copy.ts';
import { COPY_SOURCE } from './copy-source.ts';
import { deleteObject, deleteObjects } from './deletion.ts';
import { S3Error } from './errors.ts';
import { listObjects, listObjectsV2, listObjectVersions } from './listing.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  uploadPart,
  uploadPartCopy,
} from './multipart.ts';
import { getObject, getObjectAttributes, putObject } from './objects.ts';
import { postObject } from './post-object.ts';
import type { S3Request } from './request.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './tagging.ts';
import { listMultipartUploads, listParts } from './upload-listing.ts';

/** The first that fits a request serves it. */
export const ROUTES: readonly Route[] = [
  { method: 'GET', scope: 'service', operation: 'ListBuckets', run: listBuckets },

  { method: 'PUT', scope: 'bucket', operation: 'CreateBucket', run: createBucket },
  { method: 'HEAD', scope: 'bucket', operation: 'HeadBucket', run: headBucket },
  { method: 'DELETE', scope: 'bucket', operation: 'DeleteBucket', run: deleteBucket },
  { method: 'GET', scope: 'bucket', operation: 'ListObjects', run: listObjects },
  { method: 'GET', scope: 'bucket', query: 'list-type', operation: 'ListObjectsV2', run: listObjectsV2 },
  { method: 'GET', scope: 'bucket', query: 'versions', operation: 'ListObjectVersions', run: listObjectVersions },
  { method: 'GET', scope: 'bucket', query: 'uploads', operation: 'ListMultipartUploads', run: listMultipartUploads },
  { method: 'GET', scope: 'bucket', query: 'location', operation: 'GetBucketLocation', run: getBucketLocation },
  { method: 'POST', scope: 'bucket', query: 'delete', operation: 'DeleteObjects', run: deleteObjects },
  { method: 'POST', scope: 'bucket', operation: 'PostObject', run: postObject },
  { method: 'PUT', scope: 'bucket', query: 'policy', operation: 'PutBucketPolicy', run: putBucketPolicy },
  { method: 'GET', scope: 'bucket', query: 'policy', operation: 'GetBucketPolicy', run: getBucketPolicy },
  { method: 'DELETE', scope: 'bucket', query: 'policy', operation: 'DeleteBucketPolicy', run: deleteBucketPolicy },
  ...configurationRoutes,

  { method: 'PUT', scope: 'object', header: COPY_SOURCE, operation: 'CopyObject', run: copyObject },
  { method: 'PUT', scope: 'object', operation: 'PutObject', run: putObject },
  { method: 'GET', scope: 'object', operation: 'GetObject', run: getObject },
  { method: 'HEAD', scope: 'object', operation: 'HeadObject', run: getObject },
  { method: 'DELETE', scope: 'object', operation: 'DeleteObject', run: deleteObject },
  { method: 'GET', scope: 'object', query: 'attributes', operation: 'GetObjectAttributes', run: getObjectAttributes },
  { method: 'PUT', scope: 'object', query: 'tagging', operation: 'PutObjectTagging', run: putObjectTagging },
  { method: 'GET', scope: 'object', query: 'tagging', operation: 'GetObjectTagging', run: getObjectTagging },
  { method: 'DELETE', scope: 'object', query: 'tagging', operation: 'DeleteObjectTagging', run: deleteObjectTagging },

  { method: 'POST', scope: 'object', query: 'uploads', operation: 'CreateMultipartUpload', run: createMultipartUpload },
  {
    method: 'PUT',
    scope: 'object',
    query: 'uploadId',
    header: COPY_SOURCE,
    operation: 'UploadPartCopy',
    run: uploadPartCopy,
  },
  { method: 'PUT', scope: 'object', query: 'uploadId', operation: 'UploadPart', run: uploadPart },
  { method: 'GET', scope: 'object', query: 'uploadId', operation: 'ListParts', run: listParts },
  {
    method: 'POST',
    scope: 'object',
    query: 'uploadId',
    operation: 'CompleteMultipartUpload',
    run: completeMultipartUpload,
  },
  {
    method: 'DELETE',
    scope: 'object',
    query: 'uploadId',
    operation: 'AbortMultipartUpload',
    run: abortMultipartUpload,
  },
];

/**
 * Parameters that make another operation of a request, those that are not emulated too: a request for one of them must
 * be refused, not taken for the plain one, or `PutObjectAcl` would overwrite the object with its own document.
 */
const SUBRESOURCES = new Set([
  ...ROUTES.flatMap(({ query }) => query ?? []),
  ...['accelerate', 'acl', 'analytics', 'intelligent-tiering', 'inventory', 'legal-hold', 'logging', 'metadataTable'],
  ...['metrics', 'object-lock', 'policyStatus', 'replication', 'requestPayment', 'restore', 'retention', 'select'],
  ...['session', 'torrent', 'website', 'renameObject', 'abac', 'metadataConfiguration'],
]);

/** @throws {S3Error} NotImplemented, MethodNotAllowed */
export function routeOf({ method, bucket, key, query, headers }: S3Request): Route {
  const scope = key ? 'object' : bucket ? 'bucket' : 'service';
  const subresource = [...query.keys()].find((name) => SUBRESOURCES.has(name));
  const route = ROUTES.find(
    (candidate) =>
      candidate.method === method &&
      candidate.scope === scope &&
      candidate.query === subresource &&
      (candidate.header === undefined || headers[candidate.header] !== undefined),
  );
  if (route) return route;
  if (subresource) {
    throw new S3Error('NotImplemented', { message: `${method} ?${subresource} of a ${scope} is not emulated` });
  }
  throw new S3Error('MethodNotAllowed', { members: { Method: method } });
}
