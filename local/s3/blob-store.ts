import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Body, type BodyFacts, BodyMeter } from './body.ts';
import type { StoredPart } from './version-store.ts';

export type StoredBlob = BodyFacts & StoredPart;

/** The first and the last byte, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Files of bytes, each written once and named by a UUID: no name that a client chose reaches the file system, and two
 * writers never meet in one file.
 */
export class BlobStore {
  readonly #dir: string;
  /** How many readers a blob has; one that is removed meanwhile goes with the last of them. */
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  constructor(dir: string) {
    mkdirSync(dir, { recursive: true });
    this.#dir = dir;
  }

  /** Streams a body to disk. A body that breaks off, or breaks its promises, leaves nothing. */
  async store(body: Body): Promise<StoredBlob> {
    const blob = randomUUID();
    const meter = new BodyMeter(body);
    try {
      await pipeline(meter.through(body.bytes), createWriteStream(this.#path(blob), { flags: 'wx' }));
      return { blob, ...meter.finish() };
    } catch (error) {
      await rm(this.#path(blob), { force: true });
      throw error;
    }
  }

  /** The bytes of an object. The stream must be read or destroyed: until then its blobs stay on disk. */
  read(parts: readonly StoredPart[], range?: ByteRange): Readable {
    const pieces = piecesOf(parts, range);
    for (const { blob } of pieces) this.#readers.set(blob, (this.#readers.get(blob) ?? 0) + 1);
    return Readable.from(this.#bytes(pieces), { objectMode: false }).once('close', () => {
      for (const { blob } of pieces) this.#release(blob);
    });
  }

  remove(parts: readonly StoredPart[]): void {
    for (const { blob } of parts) {
      if (this.#readers.has(blob)) this.#doomed.add(blob);
      else this.#unlink(blob);
    }
  }

  /** Removes what a killed process left half written. */
  removeAllBut(blobs: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#dir)) {
      if (!blobs.has(name)) rmSync(this.#path(name), { force: true });
    }
  }

  async *#bytes(pieces: readonly Piece[]): AsyncGenerator<Buffer> {
    for (const { blob, start, end } of pieces) yield* createReadStream(this.#path(blob), { start, end });
  }

  #release(blob: string): void {
    const left = this.#readers.get(blob)! - 1;
    if (left > 0) this.#readers.set(blob, left);
    else this.#readers.delete(blob);
    if (left === 0 && this.#doomed.delete(blob)) this.#unlink(blob);
  }

  /** What cannot be removed now, `removeAllBut` removes at the next start. */
  #unlink(blob: string): void {
    rm(this.#path(blob), { force: true }).catch(() => {});
  }

  #path(blob: string): string {
    return join(this.#dir, blob);
  }
}

interface Piece {
  readonly blob: string;
  readonly start: number;
  /** Included, as `createReadStream` counts. */
  readonly end: number;
}

/** The stretches of the parts that a range of the whole falls on. */
function piecesOf(
  parts: readonly StoredPart[],
  range: ByteRange = { first: 0, last: Number.MAX_SAFE_INTEGER },
): Piece[] {
  const pieces: Piece[] = [];
  let offset = 0;
  for (const { blob, sizeBytes } of parts) {
    const start = Math.max(range.first - offset, 0);
    const end = Math.min(range.last - offset, sizeBytes - 1);
    if (start <= end) pieces.push({ blob, start, end });
    offset += sizeBytes;
  }
  return pieces;
}
