import type { S3Context } from './context.ts';
import { S3Error } from './errors.ts';
import type { S3Request } from './request.ts';
import { childOf, childrenOf, requiredText, textOf, type XmlTree } from './xml.ts';

const ALGORITHM = 'x-amz-server-side-encryption';
const KMS_KEY_ID = 'x-amz-server-side-encryption-aws-kms-key-id';

/** What AWS encrypts with where nothing else is said (since January 2023). */
export const DEFAULT_ENCRYPTION: XmlTree = {
  Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: 'false' },
};

/**
 * What the answers say of an object's encryption: what the upload asked for, or else the bucket. Nothing is encrypted
 * on a laptop's disk, but code that looks at these headers sees what it would on AWS.
 * @throws {S3Error} NotImplemented for keys of the customer, which S3 would ask for again on every read
 */
export function encryptionHeaders(
  { bucket, headers }: Pick<S3Request, 'bucket' | 'headers'>,
  s3: S3Context,
): Record<string, string> {
  if (headers['x-amz-server-side-encryption-customer-algorithm']) {
    throw new S3Error('NotImplemented', { message: 'encryption with keys of the customer (SSE-C) is not emulated' });
  }
  const byDefault = bucketDefault(s3.buckets.configuration(bucket, 'encryption') ?? DEFAULT_ENCRYPTION);
  const algorithm = headers[ALGORITHM] ?? byDefault.algorithm;
  const keyId = headers[KMS_KEY_ID] ?? byDefault.keyId;
  return { [ALGORITHM]: algorithm, ...(algorithm.startsWith('aws:kms') && keyId ? { [KMS_KEY_ID]: keyId } : {}) };
}

/** @throws {S3Error} MalformedXML */
export function checkEncryption(configuration: XmlTree): XmlTree {
  const { algorithm } = bucketDefault(configuration);
  if (!['AES256', 'aws:kms', 'aws:kms:dsse'].includes(algorithm)) throw new S3Error('MalformedXML');
  return configuration;
}

function bucketDefault(configuration: XmlTree): { algorithm: string; keyId: string | undefined } {
  const [rule] = childrenOf(configuration, 'Rule');
  const byDefault = childOf(rule ?? {}, 'ApplyServerSideEncryptionByDefault') ?? {};
  return { algorithm: requiredText(byDefault, 'SSEAlgorithm'), keyId: textOf(byDefault, 'KMSMasterKeyID') };
}
