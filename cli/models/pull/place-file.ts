import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ModelManifest } from '@kilat/contracts';
import { RefusedError } from '../refusal.ts';

export type Expected = Pick<ModelManifest['weights'], 'bytes' | 'sha256'>;

export interface Placing {
  readonly signal?: AbortSignal | undefined;
  /** told the number of bytes so far */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * Streams a file to its place by way of another name beside it: what stands there is whole and right, or what stood
 * there before. No more is ever written than the expected size.
 * @throws {RefusedError} when the content is longer, shorter or other than expected
 */
export async function placeFile(
  target: string,
  expected: Expected,
  content: AsyncIterable<Uint8Array>,
  { signal, onProgress }: Placing,
): Promise<void> {
  const partial = `${target}.${process.pid}.part`;
  await mkdir(dirname(target), { recursive: true });
  try {
    await writeFile(partial, (write) =>
      pipeline(content, checked(expected, onProgress), write, { ...(signal && { signal }) }),
    );
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
}

/**
 * Opened before and closed after the content flows: a stream that opens its file by itself may do so after the pipeline
 * has failed, and leave a file that nobody removes.
 */
async function writeFile(path: string, flow: (write: Sink) => Promise<void>): Promise<void> {
  const file = await open(path, 'w');
  const write: Sink = async (chunks) => {
    for await (const chunk of chunks) await file.appendFile(chunk);
  };
  await flow(write).finally(() => file.close());
}

type Sink = (chunks: AsyncIterable<Uint8Array>) => Promise<void>;

const checked = (expected: Expected, onProgress: Placing['onProgress']) =>
  async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > expected.bytes) throw new RefusedError(`it is larger than the ${expected.bytes} bytes expected`);
      hash.update(chunk);
      onProgress?.(bytes);
      yield chunk;
    }
    if (bytes < expected.bytes) throw new RefusedError(`it ended after ${bytes} of ${expected.bytes} bytes`);
    const sha256 = hash.digest('hex');
    if (sha256 !== expected.sha256) throw new RefusedError(`its sha256 is ${sha256}, expected ${expected.sha256}`);
  };

/** True for a file of the expected size and hash. */
export async function isFile(path: string, expected: Expected): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() || found.size !== expected.bytes) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex') === expected.sha256;
}
