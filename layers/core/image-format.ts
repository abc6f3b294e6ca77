import type { ImageMediaType } from '@kilat/contracts';

const ascii = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));

const startsWith = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((value, index) => bytes[index] === value);

/** AVIF as a still image and as a sequence, by the major brand of the ISO base media file (AV1 Image File Format §9). */
const isAvif = (bytes: Uint8Array): boolean =>
  ascii(bytes, 4, 8) === 'ftyp' && ['avif', 'avis'].includes(ascii(bytes, 8, 12));

const signatures: Record<ImageMediaType, (bytes: Uint8Array) => boolean> = {
  'image/jpeg': (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]),
  'image/png': (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  'image/webp': (bytes) => ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP',
  'image/avif': isAvif,
  'image/gif': (bytes) => ['GIF87a', 'GIF89a'].includes(ascii(bytes, 0, 6)),
};

/**
 * The format of a file, by its first bytes and never by its name or its claimed type.
 * @returns undefined for everything that is not one of the formats the API reads
 */
export function imageMediaType(bytes: Uint8Array): ImageMediaType | undefined {
  const entries = Object.entries(signatures) as [ImageMediaType, (bytes: Uint8Array) => boolean][];
  return entries.find(([, matches]) => matches(bytes))?.[0];
}
