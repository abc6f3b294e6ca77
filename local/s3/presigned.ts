import { createHash } from 'node:crypto';
import type { S3Context } from './context.ts';
import { S3Error } from './errors.ts';
import { uriEncode, uriEncodePath } from './percent-encoding.ts';
import { decodePath, type S3Request } from './request.ts';
import { assertSignature, type CredentialScope, parseAmzDate, parseCredential } from './signature.ts';

const SECOND_MS = 1000;
const MAX_EXPIRES_SECONDS = 7 * 24 * 3600;
const MAX_CLOCK_SKEW_MS = 15 * 60 * SECOND_MS;

/** Parameters of a presigned URL that are not headers put into the query. */
const OF_THE_SIGNATURE =
  /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|checksum-.*|sdk-checksum-algorithm)$/;

/** True where the URL names who signed it, so that none can leave out the rest and pass for signed. */
export const isPresigned = ({ query }: S3Request): boolean => query.has('X-Amz-Credential');

/**
 * @throws {S3Error} AccessDenied where the URL is not yet or no longer valid, or a header went unsigned
 * @throws {S3Error} SignatureDoesNotMatch, InvalidAccessKeyId, AuthorizationQueryParametersError, InvalidArgument
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function assertPresigned(request: S3Request, { keys, now }: Pick<S3Context, 'keys' | 'now'>): void {
  if (request.headers.authorization) {
    throw new S3Error('InvalidArgument', { message: 'Only one auth mechanism allowed' });
  }
  const signed = readParameters(request.query);
  assertValidNow(signed, now());
  assertHeadersSigned(request, signed);
  const stringToSign = [
    'AWS4-HMAC-SHA256',
    signed.date,
    signed.credential.scope.join('/'),
    createHash('sha256').update(canonicalRequest(request, signed)).digest('hex'),
  ].join('\n');
  assertSignature(keys, signed.credential, { stringToSign, signature: signed.signature });
}

/**
 * The request with the headers that its URL carries: SDKs hoist `x-amz-meta-…` and the like into the query. Checksums
 * are not among them: an SDK signs that of the empty body it has at the time, and S3 ignores it.
 */
export function withHoistedHeaders(request: S3Request): S3Request {
  const hoisted = [...request.query]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name.startsWith('x-amz-') && !OF_THE_SIGNATURE.test(name));
  return { ...request, headers: { ...Object.fromEntries(hoisted), ...request.headers } };
}

interface SignedParameters {
  readonly credential: CredentialScope;
  readonly date: string;
  readonly expiresSeconds: number;
  readonly headers: readonly string[];
  readonly signature: string;
}

function readParameters(query: URLSearchParams): SignedParameters {
  const credential = parseCredential(query.get('X-Amz-Credential') ?? '');
  const date = query.get('X-Amz-Date') ?? '';
  const expires = query.get('X-Amz-Expires') ?? '';
  const isSound =
    query.get('X-Amz-Algorithm') === 'AWS4-HMAC-SHA256' &&
    date.startsWith(credential?.scope[0] ?? ' ') &&
    !Number.isNaN(parseAmzDate(date)) &&
    /^\d{1,6}$/.test(expires) &&
    Number(expires) <= MAX_EXPIRES_SECONDS &&
    query.has('X-Amz-Signature');
  if (!credential || !isSound) throw new S3Error('AuthorizationQueryParametersError');
  return {
    credential,
    date,
    expiresSeconds: Number(expires),
    headers: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
  };
}

function assertValidNow({ date, expiresSeconds }: SignedParameters, nowMs: number): void {
  const signedAtMs = parseAmzDate(date);
  if (signedAtMs > nowMs + MAX_CLOCK_SKEW_MS) {
    throw new S3Error('AccessDenied', { message: 'Request is not yet valid' });
  }
  const expiresAtMs = signedAtMs + expiresSeconds * SECOND_MS;
  if (nowMs <= expiresAtMs) return;
  throw new S3Error('AccessDenied', {
    message: 'Request has expired',
    members: {
      'X-Amz-Expires': expiresSeconds,
      Expires: new Date(expiresAtMs).toISOString(),
      ServerTime: new Date(nowMs).toISOString(),
    },
  });
}

/** Whoever holds a presigned URL may not add to what was signed, e.g. make its upload a copy. */
function assertHeadersSigned({ headers }: S3Request, signed: SignedParameters): void {
  const missing = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))].filter(
    (name) => !signed.headers.includes(name),
  );
  if (missing.length === 0) return;
  throw new S3Error('AccessDenied', {
    message: 'There were headers present in the request which were not signed',
    members: { HeadersNotSigned: missing.join(', ') },
  });
}

function canonicalRequest({ method, path, query, headers }: S3Request, signed: SignedParameters): string {
  const parameters = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`);
  return [
    method,
    uriEncodePath(decodePath(path)),
    parameters.sort().join('&'),
    ...signed.headers.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signed.headers.join(';'),
    headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
}
