import { LOCAL_CREDENTIALS } from '../service.ts';
import { S3Error } from './errors.ts';
import type { S3Request } from './request.ts';

/**
 * The access key id that signed a request, in its `Authorization` header or its presigned URL; undefined where nobody
 * signed it. Whoever wants to know who calls asks here; a form alone names its signer in a field, which its policy is
 * held to. A header's signature is not verified.
 */
export function accessKeyIdOf({ headers, query }: Pick<S3Request, 'headers' | 'query'>): string | undefined {
  const { authorization } = headers;
  if (authorization) return /^AWS4-HMAC-SHA256 .*Credential=([^/,\s]+)\//.exec(authorization)?.[1];
  return query.get('X-Amz-Credential')?.split('/')[0];
}

/** @throws {S3Error} InvalidAccessKeyId */
export function secretAccessKeyOf(accessKeyId: string): string {
  if (accessKeyId !== LOCAL_CREDENTIALS.accessKeyId) {
    throw new S3Error('InvalidAccessKeyId', { members: { AWSAccessKeyId: accessKeyId } });
  }
  return LOCAL_CREDENTIALS.secretAccessKey;
}
