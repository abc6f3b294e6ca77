/** A SHA-256, or another digest of at least 10 bytes. */
export type Digest = (text: string) => Uint8Array;

/**
 * A UUIDv7 (RFC 9562 §5.7) whose random bits come from a digest: whoever makes it again makes the same one. That is
 * what lets a message be handled twice and leave one prediction.
 * @param epochMs becomes the time part
 */
export function derivedId(epochMs: number, digest: Uint8Array): string {
  const time = Math.max(0, epochMs).toString(16).padStart(12, '0').slice(-12);
  const random = Array.from(digest.subarray(0, 10), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = (8 + (digest[2]! & 3)).toString(16);
  return [
    time.slice(0, 8),
    time.slice(8),
    `7${random.slice(1, 4)}`,
    `${variant}${random.slice(5, 8)}`,
    random.slice(8, 20),
  ].join('-');
}
