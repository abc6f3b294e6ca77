import { S3Error } from './errors.ts';
import { decodePath, type S3Request, splitOnce } from './request.ts';

/** The header that makes a copy of an upload. */
export const COPY_SOURCE = 'x-amz-copy-source';

export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  /** Absent for the latest. */
  readonly versionId: string | undefined;
}

/**
 * What `x-amz-copy-source` names: `bucket/key`, or `bucket/key?versionId=id`.
 * @throws {S3Error} InvalidArgument
 */
export function copySourceOf({ headers }: Pick<S3Request, 'headers'>): CopySource {
  const [path = '', search] = splitOnce(headers[COPY_SOURCE]!, '?');
  const [bucket = '', key = ''] = splitOnce(decodePath(path).replace(/^\//, ''), '/');
  if (bucket && key) return { bucket, key, versionId: new URLSearchParams(search).get('versionId') ?? undefined };
  throw new S3Error('InvalidArgument', {
    message: 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
  });
}
