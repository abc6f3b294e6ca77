import { OWNER } from './buckets.ts';
import { checksumElements } from './checksums.ts';
import type { Operation } from './context.ts';
import { commonPrefixes, encoder, pageRequest } from './listing.ts';
import { findUpload } from './multipart.ts';
import { pageOf } from './paging.ts';
import { queryNumber } from './request.ts';

const MAX_PARTS = 1000;

export const listMultipartUploads: Operation = (request, s3) => {
  const { bucket, query } = request;
  const encode = encoder(request);
  const keyMarker = query.get('key-marker') ?? '';
  const wanted = pageRequest(request, keyMarker, 'max-uploads');
  const uploads = s3.uploads.after(bucket, keyMarker, query.get('upload-id-marker') ?? '');
  const page = pageOf(
    uploads.filter(({ key }) => key.startsWith(wanted.prefix)),
    wanted,
  );
  return {
    xml: {
      ListMultipartUploadsResult: {
        Bucket: bucket,
        KeyMarker: encode(keyMarker),
        NextKeyMarker: page.isTruncated ? encode(page.last!.key) : undefined,
        NextUploadIdMarker: page.isTruncated ? page.last!.entry?.id : undefined,
        Prefix: encode(wanted.prefix),
        Delimiter: wanted.delimiter ? encode(wanted.delimiter) : undefined,
        MaxUploads: wanted.max,
        IsTruncated: page.isTruncated,
        EncodingType: query.get('encoding-type') ?? undefined,
        Upload: page.entries.map(({ key, id, startedAtMs }) => ({
          Key: encode(key),
          UploadId: id,
          Initiator: OWNER,
          Owner: OWNER,
          StorageClass: 'STANDARD',
          Initiated: new Date(startedAtMs).toISOString(),
        })),
        ...commonPrefixes(request, page),
      },
    },
  };
};

export const listParts: Operation = (request, s3) => {
  const upload = findUpload(request, s3);
  const after = queryNumber(request, 'part-number-marker') ?? 0;
  const max = Math.min(queryNumber(request, 'max-parts') ?? MAX_PARTS, MAX_PARTS);
  const rest = s3.uploads.parts(upload.id).filter(({ number }) => number > after);
  const parts = rest.slice(0, max);
  return {
    xml: {
      ListPartsResult: {
        Bucket: upload.bucket,
        Key: upload.key,
        UploadId: upload.id,
        Initiator: OWNER,
        Owner: OWNER,
        StorageClass: 'STANDARD',
        PartNumberMarker: after,
        NextPartNumberMarker: parts.at(-1)?.number,
        MaxParts: max,
        IsTruncated: parts.length < rest.length,
        ChecksumAlgorithm: upload.algorithm?.toUpperCase(),
        Part: parts.map(({ number, etag, sizeBytes, modifiedAtMs, checksum }) => ({
          PartNumber: number,
          LastModified: new Date(modifiedAtMs).toISOString(),
          ETag: `"${etag}"`,
          Size: sizeBytes,
          ...checksumElements(checksum),
        })),
      },
    },
  };
};
