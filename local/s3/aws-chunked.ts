import { S3Error } from './errors.ts';

/** Longer than any chunk header or trailer of an SDK; what is longer is no aws-chunked body. */
const MAX_LINE_BYTES = 8192;

/**
 * Unwraps the `aws-chunked` encoding in which SDKs send streams. Chunk signatures are not checked.
 * @param trailers receives the headers that follow the last chunk, names in lower case
 * @throws {S3Error} IncompleteBody when the body is cut off or is not framed so
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Record<string, string>,
): AsyncGenerator<Buffer> {
  const reader = new FrameReader(source);
  for (let size = await chunkSize(reader); size > 0; size = await chunkSize(reader)) {
    yield* reader.bytes(size);
    if ((await reader.line()) !== '') throw new S3Error('IncompleteBody');
  }
  for (let line = await reader.line(); line; line = await reader.line()) {
    const colon = line.indexOf(':');
    trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
}

async function chunkSize(reader: FrameReader): Promise<number> {
  const size = /^([0-9a-f]{1,12})(?:;.*)?$/i.exec((await reader.line()) ?? '')?.[1];
  if (size === undefined) throw new S3Error('IncompleteBody');
  return Number.parseInt(size, 16);
}

/** Reads lines and counted bytes off a stream that is cut anywhere. */
class FrameReader {
  readonly #source: AsyncIterator<Buffer>;
  #buffered: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next line without its CRLF; undefined at the end of the stream. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#buffered.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#buffered.toString('utf8', 0, end);
        this.#buffered = this.#buffered.subarray(end + 2);
        return line;
      }
      if (this.#buffered.length > MAX_LINE_BYTES) throw new S3Error('IncompleteBody');
      if (!(await this.#fill())) return undefined;
    }
  }

  /** The next bytes as they arrive: a chunk may be as large as the object, so it is never gathered. */
  async *bytes(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (this.#buffered.length === 0 && !(await this.#fill())) throw new S3Error('IncompleteBody');
      const piece = this.#buffered.subarray(0, left);
      this.#buffered = this.#buffered.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async #fill(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done) return false;
    this.#buffered = this.#buffered.length === 0 ? next.value : Buffer.concat([this.#buffered, next.value]);
    return true;
  }
}
