import { imageMediaTypes } from '@kilat/contracts';
import { imageMediaType } from '@kilat/core';
import { describe, expect, it } from 'vitest';

const bytesOf = (...parts: readonly (string | number)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...Buffer.from(part, 'latin1')])));

// The first bytes as each format's specification has them.
const beginnings = [
  ['image/jpeg', bytesOf(0xff, 0xd8, 0xff, 0xe0)],
  ['image/png', bytesOf(0x89, 'PNG\r\n', 0x1a, '\n')],
  ['image/webp', bytesOf('RIFF', 0x24, 0, 0, 0, 'WEBPVP8 ')],
  ['image/avif', bytesOf(0, 0, 0, 0x1c, 'ftypavif', 0, 0, 0, 0)],
  ['image/avif', bytesOf(0, 0, 0, 0x1c, 'ftypavis', 0, 0, 0, 0)],
  ['image/gif', bytesOf('GIF87a')],
  ['image/gif', bytesOf('GIF89a')],
] as const;

it.each(beginnings)('tells %s by its first bytes', (mediaType, bytes) => {
  expect(imageMediaType(bytes)).toBe(mediaType);
});

it.each([
  ['nothing', bytesOf()],
  ['text', bytesOf('hello')],
  ['SVG', bytesOf('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['PDF', bytesOf('%PDF-1.7\n')],
  ['TIFF of Intel', bytesOf('II*', 0)],
  ['TIFF of Motorola', bytesOf('MM', 0, '*')],
  ['BMP', bytesOf('BM')],
  ['HEIC', bytesOf(0, 0, 0, 0x18, 'ftypheic', 0, 0, 0, 0)],
  ['sound in a RIFF', bytesOf('RIFF', 0x24, 0, 0, 0, 'WAVEfmt ')],
  ['MP4', bytesOf(0, 0, 0, 0x18, 'ftypisom', 0, 0, 0, 0)],
])('does not know %s', (_, bytes) => {
  expect(imageMediaType(bytes)).toBeUndefined();
});

describe('whatever the bytes', () => {
  /** A linear congruential generator (Numerical Recipes): the same bytes in every run. */
  function* randomBytes(seed: number): Generator<number> {
    for (let state = seed; ; ) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      yield state >>> 24;
    }
  }

  it('answers with a known media type or none, for 20,000 files of chance', () => {
    const random = randomBytes(1);
    const known = new Set<string | undefined>([...imageMediaTypes, undefined]);

    const answers = Array.from({ length: 20_000 }, (_, index) => {
      const start = index % 2 ? [] : beginnings[index % beginnings.length]![1].subarray(0, index % 13);
      return imageMediaType(Uint8Array.from([...start, ...random.take(index % 40)]));
    });

    expect(answers.every((answer) => known.has(answer))).toBe(true);
  });

  it.each(beginnings)('knows no %s that is cut within its signature', (_, bytes) => {
    expect(imageMediaType(bytes.subarray(0, 2))).toBeUndefined();
  });
});
