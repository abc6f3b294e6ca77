import type { ByteRange } from './blob-store.ts';
import { S3Error } from './errors.ts';
import type { StoredObject } from './version-store.ts';

/**
 * The stretch that a `Range` header asks for. A header that is no single range of bytes is ignored, as RFC 9110
 * (section 14.2) has it.
 * @throws {S3Error} InvalidRange where no byte of the object lies in it
 */
export function requestedRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const last = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  const first = from === '' ? Math.max(sizeBytes - Number(to), 0) : Number(from);
  if (from !== '' && to !== '' && Number(to) < first) return undefined;
  if (first > last) throw unsatisfiable(header!, sizeBytes);
  return { first, last };
}

/** The stretch of the n-th part, counted from 1. @throws {S3Error} InvalidPartNumber */
export function partRange({ parts }: StoredObject, number: number): ByteRange {
  const part = parts[number - 1];
  if (!part) throw new S3Error('InvalidPartNumber', { members: { PartNumberRequested: number } });
  const first = parts.slice(0, number - 1).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { first, last: first + part.sizeBytes - 1 };
}

function unsatisfiable(header: string, sizeBytes: number): S3Error {
  return new S3Error('InvalidRange', {
    members: { RangeRequested: header, ActualObjectSize: sizeBytes },
    headers: { 'content-range': `bytes */${sizeBytes}` },
  });
}
