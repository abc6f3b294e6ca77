import { S3Error } from './errors.ts';
import type { Headers, ResponseHeaders } from './headers.ts';

const KEPT = [
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'expires',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
];

/** What a reader of an object may have changed in the answer, by `response-…` in the query. */
const OVERRIDABLE = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

const METADATA_PREFIX = 'x-amz-meta-';

/** A form may name a field as it likes; what is no name of a header could never be given back. */
const METADATA_NAME = /^x-amz-meta-[\w!#$%&'*+.^`|~-]+$/;
const MAX_METADATA_BYTES = 2048;

/** The headers of an upload that come back with the object. @throws {S3Error} MetadataTooLarge */
export function keptHeaders(headers: Headers): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const [name, value] of Object.entries(headers)) {
    if (KEPT.includes(name) || METADATA_NAME.test(name)) kept[name] = value;
  }
  const encoding = withoutAwsChunked(headers['content-encoding']);
  if (encoding) kept['content-encoding'] = encoding;
  assertMetadataSize(kept);
  return kept;
}

export function overriddenHeaders(query: URLSearchParams): ResponseHeaders {
  return Object.fromEntries(
    OVERRIDABLE.filter((name) => query.has(`response-${name}`)).map((name) => [
      name,
      query.get(`response-${name}`) ?? undefined,
    ]),
  );
}

/** `aws-chunked` is how the body travelled, no property of the object. */
function withoutAwsChunked(encoding = ''): string {
  return encoding
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding && coding !== 'aws-chunked')
    .join(',');
}

function assertMetadataSize(headers: Headers): void {
  const size = Object.entries(headers)
    .filter(([name]) => name.startsWith(METADATA_PREFIX))
    .reduce((sum, [name, value]) => sum + name.length - METADATA_PREFIX.length + Buffer.byteLength(value), 0);
  if (size > MAX_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', { members: { Size: size, MaxSizeAllowed: MAX_METADATA_BYTES } });
  }
}
