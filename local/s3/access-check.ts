import { type AccessRequest, type Context, type Principal, refusalMessage } from '../iam/index.ts';
import { LOCAL_ACCOUNT } from '../service.ts';
import { bucketArn, operationAccess } from './authorization.ts';
import { bucketPolicyOf } from './bucket-policy.ts';
import { callerOf } from './caller.ts';
import type { Route, S3Context } from './context.ts';
import { COPY_SOURCE, copySourceOf } from './copy-source.ts';
import { S3Error } from './errors.ts';
import { isPresigned } from './presigned.ts';
import type { S3Request } from './request.ts';

/** As the condition key `s3:authType` has it. */
type AuthType = 'REST-HEADER' | 'REST-QUERY-STRING' | 'POST';

/** Who calls, and how they signed. */
export interface Caller {
  readonly principal: Principal;
  readonly authType: AuthType;
}

/** Checks that whoever signed a request may do all that it asks for. @throws {S3Error} AccessDenied, InvalidAccessKeyId */
export function authorize(request: S3Request, { operation }: Route, s3: S3Context): void {
  if (!s3.iam || operation === 'PostObject') return;
  const caller = signerOfRequest(request, s3);
  for (const wanted of operationAccess[operation]!(request, s3)) assertAllowed(s3, caller, wanted);
}

export const signerOfRequest = (request: S3Request, s3: S3Context): Caller => ({
  principal: callerOf(s3.keys, request),
  authType: isPresigned(request) ? 'REST-QUERY-STRING' : 'REST-HEADER',
});

/** @throws {S3Error} AccessDenied */
export function assertAllowed(s3: S3Context, caller: Caller, wanted: AccessRequest): void {
  const refusal = refusalOf(s3, caller, wanted);
  if (refusal) throw refusal;
}

/** @returns undefined where it is allowed */
export function refusalOf(s3: S3Context, { principal, authType }: Caller, wanted: AccessRequest): S3Error | undefined {
  const bucket = bucketOf(wanted.resource);
  if (isAboutOwnPolicy(principal, wanted)) return undefined;
  const json = bucket === undefined ? undefined : bucketPolicyOf(s3, bucket);
  const refusal = s3.iam?.check(principal, {
    ...wanted,
    context: { ...wanted.context, ...everyRequest, 's3:authType': authType },
    resourcePolicy: bucket === undefined || json === undefined ? undefined : { holder: bucketArn(bucket), json },
  });
  return refusal && new S3Error('AccessDenied', { message: refusalMessage(refusal, { resource: quoted }) });
}

/**
 * Whoever may not list a bucket is not told that an object is missing.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function disclosable(error: unknown, request: S3Request, s3: S3Context): unknown {
  const isMissing = error instanceof S3Error && (error.code === 'NoSuchKey' || error.code === 'NoSuchVersion');
  if (!isMissing || !s3.iam) return error;
  const listing = { action: 's3:ListBucket', resource: bucketArn(missingFrom(request)) };
  return refusalOf(s3, signerOfRequest(request, s3), listing) ?? error;
}

/** Where a copy lacks something, it is its source. */
const missingFrom = (request: S3Request): string =>
  request.headers[COPY_SOURCE] ? copySourceOf(request).bucket : request.bucket;

/** S3 puts the resource of a refusal into quotation marks. */
const quoted = (resource: string): string => `"${resource}"`;

export const everyRequest: Context = {
  's3:ResourceAccount': LOCAL_ACCOUNT,
  's3:TlsVersion': '1.3',
  's3:signatureversion': 'AWS4-HMAC-SHA256',
};

const bucketOf = (resource: string): string | undefined => /^arn:aws:s3:::([^/]+)/.exec(resource)?.[1];

const OF_POLICY = new Set(['s3:PutBucketPolicy', 's3:GetBucketPolicy', 's3:DeleteBucketPolicy']);

/** The account's root may mend a policy that locks everybody out. */
const isAboutOwnPolicy = ({ type }: Principal, { action }: AccessRequest): boolean =>
  type === 'operator' && OF_POLICY.has(action);
