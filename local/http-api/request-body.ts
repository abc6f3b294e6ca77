import type { IncomingMessage } from 'node:http';
import { RefusalError } from './refusal.ts';

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * The whole body.
 * @throws {RefusalError} 413 beyond 10 MB; what is still to come is read and dropped, so that the client hears it
 * @throws the error of the stream, when the client hangs up
 */
export async function readRequestBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw new RefusalError(413);
  const chunks: Buffer[] = [];
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else reject(new RefusalError(413));
    });
    request.on('end', resolve);
    request.on('error', reject);
  });
  return Buffer.concat(chunks);
}

const TEXT_TYPES = new Set([
  'application/json',
  'application/xml',
  'application/javascript',
  'application/x-www-form-urlencoded',
]);

/** Whether a body of this content type reaches the function as text; every other is base64. */
export function isTextType(contentType = 'text/plain'): boolean {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  return type.startsWith('text/') || TEXT_TYPES.has(type);
}
