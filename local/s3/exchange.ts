import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../aws-json.ts';
import { authorize, disclosable } from './access-check.ts';
import { accessKeyIdOf } from './caller.ts';
import type { Route, S3Context } from './context.ts';
import { corsHeaders, preflight } from './cors.ts';
import { S3Error } from './errors.ts';
import { assertPresigned, isPresigned, withHoistedHeaders } from './presigned.ts';
import { readRequest, type S3Request } from './request.ts';
import { isHangUp, refusalResponse, type S3Response, send, setHeaders } from './response.ts';
import { routeOf } from './routes.ts';

/** One exchange, from the first byte to the last; it never rejects. */
export async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  s3: S3Context,
  onFault: (error: unknown) => void,
): Promise<void> {
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  setHeaders(response, { 'x-amz-request-id': requestId, 'x-amz-id-2': randomBytes(24).toString('base64') });
  try {
    const request = readRequest(message);
    setHeaders(response, corsHeaders(request, s3));
    await send(response, await answer(request, s3));
  } catch (error) {
    if (isHangUp(error)) return;
    if (!(error instanceof AwsError)) onFault(error);
    if (response.headersSent) response.destroy();
    else await send(response, refusalResponse(error, requestId, message.url ?? '/'));
  } finally {
    message.resume(); // what nobody read, or the connection could not be used again
  }
}

async function answer(received: S3Request, s3: S3Context): Promise<S3Response> {
  if (received.method === 'OPTIONS') return preflight(received, s3);
  const request = authenticate(received, s3);
  const route = routeOf(request);
  assertSigned(request, route);
  if (route.scope !== 'service' && route.operation !== 'CreateBucket') s3.buckets.require(request.bucket);
  authorize(request, route, s3);
  try {
    return await route.run(request, s3);
  } catch (error) {
    throw disclosable(error, request, s3);
  }
}

/** @throws {S3Error} where a presigned URL does not hold */
function authenticate(request: S3Request, s3: S3Context): S3Request {
  if (!isPresigned(request)) return request;
  assertPresigned(request, s3);
  return withHoistedHeaders(request);
}

/** Nothing is public. A form is signed in its fields, so its operation sees to that. */
function assertSigned(request: S3Request, { operation }: Route): void {
  if (accessKeyIdOf(request) === undefined && operation !== 'PostObject') throw new S3Error('AccessDenied');
}
