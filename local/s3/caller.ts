import { type Keyring, type Principal, signerOf } from '../iam/index.ts';
import { S3Error } from './errors.ts';
import type { S3Request } from './request.ts';

type Signed = Pick<S3Request, 'headers' | 'query'>;

/**
 * The access key id that signed a request, in its `Authorization` header or its presigned URL; undefined where nobody
 * signed it. A form alone names its signer in a field, which its policy is held to. A header's signature is not
 * verified: keys are drawn at random, so whoever knows one was told it.
 */
export function accessKeyIdOf({ headers, query }: Signed): string | undefined {
  const { authorization } = headers;
  return authorization ? signerOf(authorization) : query.get('X-Amz-Credential')?.split('/')[0];
}

/** @throws {S3Error} InvalidAccessKeyId */
export function secretAccessKeyOf(keys: Keyring, accessKeyId: string): string {
  const key = keys.find(accessKeyId);
  if (!key) throw unknownKey(accessKeyId);
  return key.credentials.secretAccessKey;
}

/** Who signed a request. @throws {S3Error} AccessDenied, InvalidAccessKeyId, InvalidToken */
export function callerOf(keys: Keyring, { headers, query }: Signed): Principal {
  const accessKeyId = accessKeyIdOf({ headers, query });
  if (accessKeyId === undefined) throw new S3Error('AccessDenied');
  return principalOf(
    keys,
    accessKeyId,
    headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token') ?? undefined,
  );
}

/** Whose a key is that comes with a session's token. @throws {S3Error} InvalidAccessKeyId, InvalidToken */
export function principalOf(keys: Keyring, accessKeyId: string, sessionToken: string | undefined): Principal {
  const principal = keys.principalOf(accessKeyId, sessionToken);
  if (principal) return principal;
  if (sessionToken === undefined || !keys.find(accessKeyId)) throw unknownKey(accessKeyId);
  throw new S3Error('InvalidToken', { members: { 'Token-0': sessionToken } });
}

const unknownKey = (accessKeyId: string): S3Error =>
  new S3Error('InvalidAccessKeyId', { members: { AWSAccessKeyId: accessKeyId } });
