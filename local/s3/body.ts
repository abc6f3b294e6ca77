import { createHash } from 'node:crypto';
import { decodeAwsChunked } from './aws-chunked.ts';
import { type Checksum, type ChecksumAlgorithm, checksumHeader, requestedChecksum, startDigest } from './checksums.ts';
import { S3Error } from './errors.ts';
import type { Headers } from './headers.ts';
import type { S3Request } from './request.ts';

const GIB = 1024 ** 3;
const MAX_UPLOAD_BYTES = 5 * GIB;

/** Enough for the 10,000 parts of the largest upload, with their checksums. */
const MAX_DOCUMENT_BYTES = 8 * 1024 ** 2;

/** Bytes on their way in, and what the client said of them. */
export interface Body {
  readonly bytes: AsyncIterable<Buffer>;
  readonly algorithm: ChecksumAlgorithm | undefined;
  /** The digests to hold the bytes to. Complete only once the bytes are read: trailers come last. */
  readonly promised: Headers;
  readonly sizeBytes?: number;
}

/** What a body turned out to be. */
export interface BodyFacts {
  readonly sizeBytes: number;
  /** In hex: the entity tag of an object that was sent in one piece. */
  readonly md5: string;
  readonly checksum: Checksum | undefined;
}

/**
 * The body of a request, unwrapped where it came as `aws-chunked`.
 * @throws {S3Error} where S3 would refuse it unread
 */
export function bodyOf({ headers, body }: S3Request): Body {
  assertLength(headers);
  const algorithm = requestedChecksum(headers);
  if (!headers['x-amz-content-sha256']?.startsWith('STREAMING-')) return { bytes: body, algorithm, promised: headers };
  const promised = { ...headers };
  const sizeBytes = Number(headers['x-amz-decoded-content-length']);
  return { bytes: decodeAwsChunked(body, promised), algorithm, promised, sizeBytes };
}

/** A body that holds a document, whole. @throws {S3Error} MaxMessageLengthExceeded, BadDigest */
export async function readText(request: S3Request): Promise<string> {
  const body = bodyOf(request);
  const meter = new BodyMeter(body);
  const chunks: Buffer[] = [];
  for await (const chunk of meter.through(body.bytes)) {
    if (meter.sizeBytes > MAX_DOCUMENT_BYTES) throw new S3Error('MaxMessageLengthExceeded');
    chunks.push(chunk);
  }
  meter.finish();
  return Buffer.concat(chunks).toString('utf8');
}

/** Measures a body while it passes, then holds it to what was promised. */
export class BodyMeter {
  sizeBytes = 0;
  readonly #body: Body;
  readonly #md5 = createHash('md5');
  readonly #checksum;
  readonly #payload;

  constructor(body: Body) {
    this.#body = body;
    this.#checksum = body.algorithm && startDigest(body.algorithm);
    this.#payload = /^[0-9a-f]{64}$/.test(body.promised['x-amz-content-sha256'] ?? '')
      ? createHash('sha256')
      : undefined;
  }

  async *through(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of bytes) {
      this.sizeBytes += chunk.length;
      this.#md5.update(chunk);
      this.#checksum?.update(chunk);
      this.#payload?.update(chunk);
      yield chunk;
    }
  }

  /** @throws {S3Error} BadDigest, InvalidDigest, IncompleteBody, XAmzContentSHA256Mismatch */
  finish(): BodyFacts {
    const { promised, sizeBytes } = this.#body;
    if (sizeBytes !== undefined && sizeBytes !== this.sizeBytes) throw new S3Error('IncompleteBody');
    const md5 = this.#md5.digest();
    assertMd5(promised['content-md5'], md5);
    if (this.#payload && this.#payload.digest('hex') !== promised['x-amz-content-sha256']) {
      throw new S3Error('XAmzContentSHA256Mismatch');
    }
    return { sizeBytes: this.sizeBytes, md5: md5.toString('hex'), checksum: this.#finishChecksum(promised) };
  }

  #finishChecksum(promised: Headers): Checksum | undefined {
    const { algorithm } = this.#body;
    if (!algorithm || !this.#checksum) return undefined;
    const value = this.#checksum.digest().toString('base64');
    const expected = promised[checksumHeader(algorithm)];
    if (expected !== undefined && expected !== value) {
      const message = `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`;
      throw new S3Error('BadDigest', { message });
    }
    return { algorithm, value, type: 'FULL_OBJECT' };
  }
}

function assertMd5(expected: string | undefined, actual: Buffer): void {
  if (expected === undefined) return;
  const bytes = Buffer.from(expected, 'base64');
  if (bytes.length !== actual.length) throw new S3Error('InvalidDigest');
  if (!bytes.equals(actual)) throw new S3Error('BadDigest');
}

/** S3 wants to know the length of a body beforehand, and takes at most 5 GiB of it in one request. */
function assertLength(headers: Headers): void {
  const isStreamed = headers['x-amz-content-sha256']?.startsWith('STREAMING-');
  const length = isStreamed ? headers['x-amz-decoded-content-length'] : headers['content-length'];
  if (length === undefined && headers['transfer-encoding']) {
    throw isStreamed
      ? new S3Error('MissingContentLength')
      : new S3Error('NotImplemented', { members: { Header: 'Transfer-Encoding' } });
  }
  if (Number(length ?? 0) > MAX_UPLOAD_BYTES) {
    throw new S3Error('EntityTooLarge', { members: { ProposedSize: length ?? 0, MaxSizeAllowed: MAX_UPLOAD_BYTES } });
  }
}
