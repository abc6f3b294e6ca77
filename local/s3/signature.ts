import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../iam/index.ts';
import { secretAccessKeyOf } from './caller.ts';
import { S3Error } from './errors.ts';

/** What a credential of Signature Version 4 is made of: `<access key id>/<date>/<region>/s3/aws4_request`. */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** The scope without the access key id, as it is signed. */
  readonly scope: readonly [date: string, region: string, service: string, terminator: string];
}

/** Undefined where the text is no credential for S3. */
export function parseCredential(text: string): CredentialScope | undefined {
  const [, accessKeyId, date, region] = /^([^/]+)\/(\d{8})\/([a-z0-9-]+)\/s3\/aws4_request$/.exec(text) ?? [];
  return accessKeyId && date && region ? { accessKeyId, scope: [date, region, 's3', 'aws4_request'] } : undefined;
}

export interface Signed {
  readonly stringToSign: string;
  readonly signature: string;
}

/**
 * @throws {S3Error} SignatureDoesNotMatch, InvalidAccessKeyId
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function assertSignature(keys: Keyring, credential: CredentialScope, { stringToSign, signature }: Signed): void {
  const expected = hmac(signingKey(keys, credential), stringToSign).toString('hex');
  const isEqual = expected.length === signature.length && timingSafeEqual(Buffer.from(expected), latin1(signature));
  if (!isEqual) {
    throw new S3Error('SignatureDoesNotMatch', {
      members: { AWSAccessKeyId: credential.accessKeyId, SignatureProvided: signature, StringToSign: stringToSign },
    });
  }
}

/** An instant as signatures write it, `20130524T000000Z`, in epoch milliseconds; NaN where it is none. */
export function parseAmzDate(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function signingKey(keys: Keyring, { accessKeyId, scope }: CredentialScope): Buffer {
  const secret = Buffer.from(`AWS4${secretAccessKeyOf(keys, accessKeyId)}`);
  return scope.reduce(hmac, secret);
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** One byte per character, so that buffers of equal text length compare. */
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
