import type { Body } from './body.ts';
import { checksumElements, requestedChecksum } from './checksums.ts';
import { assertCopyConditions } from './conditions.ts';
import type { Operation, S3Context } from './context.ts';
import { COPY_SOURCE, copySourceOf } from './copy-source.ts';
import { encryptionHeaders } from './encryption.ts';
import { S3Error } from './errors.ts';
import { detailsOf, type ObjectDetails, storeObject, writtenHeaders } from './objects.ts';
import { requestedRange } from './range.ts';
import type { S3Request } from './request.ts';
import type { ObjectVersion } from './version-store.ts';
import { findVersion, publicVersionId } from './versioning.ts';

const CHANGES = [
  'x-amz-metadata-directive',
  'x-amz-tagging-directive',
  'x-amz-server-side-encryption',
  'x-amz-storage-class',
];

/** The copy is one piece, whatever its source was uploaded in: its entity tag may differ from the source's. */
export const copyObject: Operation = async (request, s3) => {
  const source = findSource(request, s3);
  if (source.bucket === request.bucket && source.key === request.key) assertChange(request);
  const details = copiedDetails(request, s3, source);
  const version = await storeObject(s3, request, sourceBody(request, s3, source), details, 'ObjectCreated:Copy');
  const { etag: _etag, ...headers } = writtenHeaders(s3, version);
  return {
    headers: { ...headers, 'x-amz-copy-source-version-id': publicVersionId(s3, source) },
    xml: {
      CopyObjectResult: {
        ETag: `"${version.etag}"`,
        LastModified: new Date(version.modifiedAtMs).toISOString(),
        ...checksumElements(version.checksum),
      },
    },
  };
};

/**
 * The version that a copy is made of.
 * @throws {S3Error} NoSuchBucket, NoSuchKey, PreconditionFailed, InvalidArgument
 */
export function findSource(request: S3Request, s3: S3Context): ObjectVersion {
  const { bucket, key, versionId } = copySourceOf(request);
  s3.buckets.require(bucket);
  const query = new URLSearchParams(versionId === undefined ? {} : { versionId });
  const source = findVersion(s3, { bucket, key, query });
  assertCopyConditions(request.headers, source);
  return source;
}

/** The bytes of a source, or of the range of it that becomes a part. */
export function sourceBody({ headers }: S3Request, s3: S3Context, source: ObjectVersion): Body {
  const range = requestedRange(headers['x-amz-copy-source-range'], source.sizeBytes);
  return {
    bytes: s3.blobs.read(source.parts, range),
    algorithm: requestedChecksum(headers) ?? source.checksum?.algorithm,
    promised: {},
  };
}

function copiedDetails(request: S3Request, s3: S3Context, source: ObjectVersion): ObjectDetails {
  const { headers } = request;
  const given = detailsOf(request, s3);
  const copied = { ...withoutEncryption(source), ...encryptionHeaders(request, s3) };
  return {
    headers: headers['x-amz-metadata-directive'] === 'REPLACE' ? given.headers : copied,
    tags: headers['x-amz-tagging-directive'] === 'REPLACE' ? given.tags : source.tags,
  };
}

/** How a source was encrypted is not copied: the target's request and bucket decide. */
function withoutEncryption({ headers }: ObjectVersion): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-server-side-encryption')),
  );
}

function assertChange({ headers }: S3Request): void {
  if (CHANGES.some((name) => headers[name] !== undefined) || headers[COPY_SOURCE]!.includes('?')) return;
  throw new S3Error('InvalidRequest', {
    message:
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  });
}
