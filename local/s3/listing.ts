import { OWNER } from './buckets.ts';
import type { Operation } from './context.ts';
import { S3Error } from './errors.ts';
import { type Page, type PageRequest, pageOf } from './paging.ts';
import { formEncode } from './percent-encoding.ts';
import { queryNumber, type S3Request } from './request.ts';
import type { ObjectVersion } from './version-store.ts';
import type { XmlTree } from './xml.ts';

const MAX_KEYS = 1000;

export const listObjectsV2: Operation = (request, s3) => {
  const { bucket, query } = request;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? undefined;
  const wanted = pageRequest(request, token === null ? startAfter : readToken(token));
  const page = pageOf(s3.versions.objects(bucket, wanted.prefix, wanted.after), wanted);
  const owner = query.get('fetch-owner') === 'true' ? { Owner: OWNER } : {};
  return {
    xml: {
      ListBucketResult: {
        ...listingHead(request, wanted, page),
        StartAfter: startAfter && encoder(request)(startAfter),
        KeyCount: page.entries.length + page.prefixes.length,
        ContinuationToken: token ?? undefined,
        NextContinuationToken: page.isTruncated ? writeToken(page.last!.key) : undefined,
        Contents: page.entries.map((version) => ({ ...objectElements(request, version), ...owner })),
        ...commonPrefixes(request, page),
      },
    },
  };
};

/** The older listing. It names a next marker only where a delimiter makes the last key a poor one. */
export const listObjects: Operation = (request, s3) => {
  const marker = request.query.get('marker') ?? '';
  const wanted = pageRequest(request, marker);
  const page = pageOf(s3.versions.objects(request.bucket, wanted.prefix, wanted.after), wanted);
  const next = page.isTruncated && wanted.delimiter ? encoder(request)(page.last!.key) : undefined;
  return {
    xml: {
      ListBucketResult: {
        ...listingHead(request, wanted, page),
        Marker: encoder(request)(marker),
        NextMarker: next,
        Contents: page.entries.map((version) => ({ ...objectElements(request, version), Owner: OWNER })),
        ...commonPrefixes(request, page),
      },
    },
  };
};

export const listObjectVersions: Operation = (request, s3) => {
  const { bucket, query } = request;
  const keyMarker = query.get('key-marker') ?? '';
  const idMarker = query.get('version-id-marker');
  const afterSeq = idMarker ? (s3.versions.byId(bucket, keyMarker, idMarker)?.seq ?? 0) : 0;
  const wanted = pageRequest(request, keyMarker);
  const page = pageOf(s3.versions.histories(bucket, wanted.prefix, keyMarker, afterSeq), wanted);
  const elements = (areMarkers: boolean) =>
    page.entries
      .filter(({ isDeleteMarker }) => isDeleteMarker === areMarkers)
      .map((version) => ({ ...versionElements(request, version), IsLatest: s3.versions.isLatest(version) }));
  return {
    xml: {
      ListVersionsResult: {
        ...listingHead(request, wanted, page),
        KeyMarker: encoder(request)(keyMarker),
        VersionIdMarker: idMarker ?? undefined,
        NextKeyMarker: page.isTruncated ? encoder(request)(page.last!.key) : undefined,
        NextVersionIdMarker: page.isTruncated ? page.last!.entry?.versionId : undefined,
        Version: elements(false),
        DeleteMarker: elements(true),
        ...commonPrefixes(request, page),
      },
    },
  };
};

/** What every listing is asked for. @throws {S3Error} InvalidArgument */
export function pageRequest(request: S3Request, after = '', limit = 'max-keys'): PageRequest {
  const { query } = request;
  encoder(request);
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    after,
    max: Math.min(queryNumber(request, limit) ?? MAX_KEYS, MAX_KEYS),
  };
}

/** How the listing writes keys: encoded on request, since XML cannot carry every character. */
export function encoder({ query }: S3Request): (text: string) => string {
  const type = query.get('encoding-type');
  if (type !== null && type !== 'url') {
    throw new S3Error('InvalidArgument', { message: 'Invalid Encoding Method specified in Request' });
  }
  return type === 'url' ? formEncode : (text) => text;
}

export function commonPrefixes(request: S3Request, { prefixes }: Page<unknown>): XmlTree {
  return { CommonPrefixes: prefixes.map((prefix) => ({ Prefix: encoder(request)(prefix) })) };
}

function listingHead(request: S3Request, { prefix, delimiter, max }: PageRequest, page: Page<unknown>): XmlTree {
  const encode = encoder(request);
  return {
    Name: request.bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter ? encode(delimiter) : undefined,
    MaxKeys: max,
    EncodingType: request.query.get('encoding-type') ?? undefined,
    IsTruncated: page.isTruncated,
  };
}

function objectElements(request: S3Request, version: ObjectVersion): XmlTree {
  return {
    Key: encoder(request)(version.key),
    LastModified: new Date(version.modifiedAtMs).toISOString(),
    ETag: `"${version.etag}"`,
    ChecksumAlgorithm: version.checksum?.algorithm.toUpperCase(),
    ChecksumType: version.checksum?.type,
    Size: version.sizeBytes,
    StorageClass: version.headers['x-amz-storage-class'] ?? 'STANDARD',
  };
}

function versionElements(request: S3Request, version: ObjectVersion): XmlTree {
  const identity = { VersionId: version.versionId, Owner: OWNER };
  if (!version.isDeleteMarker) return { ...objectElements(request, version), ...identity };
  const { Key, LastModified } = objectElements(request, version);
  return { Key, LastModified, ...identity };
}

/** A token is opaque to clients; the letter tells ours from a key that somebody passes for one. */
const writeToken = (key: string): string => Buffer.from(`k${key}`).toString('base64url');

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('k')) {
    throw new S3Error('InvalidArgument', { message: 'The continuation token provided is incorrect' });
  }
  return text.slice(1);
}
