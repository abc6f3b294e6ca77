import type { IncomingMessage } from 'node:http';
import { S3Error } from './errors.ts';
import type { Headers } from './headers.ts';

/** A request as the operations read it: addressed, decoded, its body not yet read. */
export interface S3Request {
  readonly method: string;
  /** As sent, still percent-encoded: what a signature was made over. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** Empty where the request is for the service. */
  readonly bucket: string;
  /** Empty where the request is for the bucket. */
  readonly key: string;
  readonly body: AsyncIterable<Buffer>;
}

const MAX_KEY_BYTES = 1024;

/**
 * @throws {S3Error} InvalidURI for a path that is not percent-encoded UTF-8
 * @throws {S3Error} KeyTooLongError
 */
export function readRequest(message: IncomingMessage): S3Request {
  // Split by hand: `new URL` would resolve the dots of a key such as `a/../b`.
  const [path = '/', search = ''] = splitOnce(message.url ?? '/', '?');
  const [bucket = '', key = ''] = splitOnce(path.slice(1), '/').map(decodePath);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new S3Error('KeyTooLongError');
  if (key.includes('\0')) throw new S3Error('InvalidURI'); // SQLite would cut the key there
  return {
    method: message.method ?? 'GET',
    path,
    query: new URLSearchParams(search),
    headers: readHeaders(message),
    bucket,
    key,
    // Left open on an early exit, so that the refusal still reaches the client.
    body: message.iterator({ destroyOnReturn: false }),
  };
}

/** @throws {S3Error} InvalidURI */
export function decodePath(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new S3Error('InvalidURI');
  }
}

/** The text before and after the first separator; one element where there is none. */
export function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** A whole number of the query. @throws {S3Error} InvalidArgument */
export function queryNumber(request: S3Request, name: string): number | undefined {
  const text = request.query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d{1,9}$/.test(text)) {
    throw new S3Error('InvalidArgument', {
      message: `Provided ${name} not an integer or within integer range`,
      members: { ArgumentName: name, ArgumentValue: text },
    });
  }
  return Number(text);
}

/** Node reads headers as Latin-1; clients write them in UTF-8. */
function readHeaders(message: IncomingMessage): Headers {
  return Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, Buffer.from(String(value), 'latin1').toString()]),
  );
}
