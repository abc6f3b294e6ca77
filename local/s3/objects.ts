import { type Body, bodyOf } from './body.ts';
import { checksumElements, checksumHeaders } from './checksums.ts';
import { isModified } from './conditions.ts';
import type { Operation, S3Context } from './context.ts';
import { encryptionHeaders } from './encryption.ts';
import type { EventName } from './event-record.ts';
import type { ResponseHeaders } from './headers.ts';
import { expirationHeader } from './lifecycle.ts';
import { keptHeaders, overriddenHeaders } from './object-headers.ts';
import { partRange, requestedRange } from './range.ts';
import { queryNumber } from './request.ts';
import { parseTagHeader } from './tagging.ts';
import { NULL_VERSION, type ObjectVersion, type Tag } from './version-store.ts';
import { commitObject, findVersion, publicVersionId, type WriteTarget } from './versioning.ts';

/** What an object has beside its bytes. */
export interface ObjectDetails {
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
}

export const putObject: Operation = async (request, s3) => {
  const version = await storeObject(s3, request, bodyOf(request), detailsOf(request, s3), 'ObjectCreated:Put');
  return { headers: writtenHeaders(s3, version) };
};

/** GET and HEAD: the answers differ in the body alone. */
export const getObject: Operation = (request, s3) => {
  const { headers, method, query } = request;
  const version = findVersion(s3, request);
  if (!isModified(headers, version)) return { status: 304, headers: identityHeaders(s3, version) };
  const partNumber = queryNumber(request, 'partNumber');
  const range =
    partNumber === undefined ? requestedRange(headers.range, version.sizeBytes) : partRange(version, partNumber);
  const { first, last } = range ?? { first: 0, last: version.sizeBytes - 1 };
  const tellsChecksum = headers['x-amz-checksum-mode'] === 'ENABLED' && !range;
  return {
    status: range ? 206 : 200,
    headers: {
      ...readHeaders(s3, version),
      ...(tellsChecksum ? checksumHeaders(version.checksum) : {}),
      ...overriddenHeaders(query),
      'content-length': String(last - first + 1),
      'content-range': range && `bytes ${first}-${last}/${version.sizeBytes}`,
      'x-amz-mp-parts-count': partNumber === undefined ? undefined : String(version.parts.length),
    },
    ...(method === 'HEAD' ? {} : { body: s3.blobs.read(version.parts, range) }),
  };
};

export const getObjectAttributes: Operation = (request, s3) => {
  const version = findVersion(s3, request);
  const wanted = (request.headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim());
  const attributes = {
    ETag: version.etag,
    Checksum: checksumElements(version.checksum),
    ObjectParts: version.etag.includes('-') ? { TotalPartsCount: version.parts.length } : undefined,
    StorageClass: version.headers['x-amz-storage-class'] ?? 'STANDARD',
    ObjectSize: version.sizeBytes,
  };
  return {
    headers: identityHeaders(s3, version),
    xml: {
      GetObjectAttributesResponse: Object.fromEntries(
        Object.entries(attributes).filter(([name]) => wanted.includes(name)),
      ),
    },
  };
};

/** Stores a body and makes it the object at a key. Where it may not be, the bytes are gone again. */
export async function storeObject(
  s3: S3Context,
  target: WriteTarget,
  body: Body,
  details: ObjectDetails,
  event: EventName,
): Promise<ObjectVersion> {
  const { blob, sizeBytes, md5, checksum } = await s3.blobs.store(body);
  const parts = [{ blob, sizeBytes }];
  try {
    return commitObject(s3, target, { etag: md5, sizeBytes, checksum, parts, ...details }, event);
  } catch (error) {
    s3.blobs.remove(parts);
    throw error;
  }
}

/** What an upload's headers say of the object. */
export function detailsOf(target: WriteTarget, s3: S3Context): ObjectDetails {
  return {
    headers: { ...keptHeaders(target.headers), ...encryptionHeaders(target, s3) },
    tags: parseTagHeader(target.headers['x-amz-tagging']),
  };
}

/** What the answer to a write says of the object. It never names the null version, which reads do. */
export function writtenHeaders(s3: S3Context, version: ObjectVersion): ResponseHeaders {
  const encryption = Object.entries(version.headers).filter(([name]) =>
    name.startsWith('x-amz-server-side-encryption'),
  );
  return {
    etag: `"${version.etag}"`,
    'x-amz-version-id': version.versionId === NULL_VERSION ? undefined : version.versionId,
    'x-amz-expiration': expirationHeader(s3, version),
    ...checksumHeaders(version.checksum),
    ...Object.fromEntries(encryption),
  };
}

function identityHeaders(s3: S3Context, version: ObjectVersion): ResponseHeaders {
  return {
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.modifiedAtMs).toUTCString(),
    'x-amz-version-id': publicVersionId(s3, version),
  };
}

function readHeaders(s3: S3Context, version: ObjectVersion): ResponseHeaders {
  return {
    ...version.headers,
    ...identityHeaders(s3, version),
    'accept-ranges': 'bytes',
    'x-amz-expiration': expirationHeader(s3, version),
    'x-amz-tagging-count': version.tags.length > 0 ? String(version.tags.length) : undefined,
  };
}
