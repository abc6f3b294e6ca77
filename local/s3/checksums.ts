import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32c, crc64nvme, type Digest, uint32 } from './crc.ts';

const DIGESTS = {
  crc32: crc32Digest,
  crc32c,
  crc64nvme,
  sha1: () => createHash('sha1'),
  sha256: () => createHash('sha256'),
} satisfies Record<string, () => Digest>;

export type ChecksumAlgorithm = keyof typeof DIGESTS;

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; a composite one ends in `-` and the number of parts. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

const ALGORITHMS = Object.keys(DIGESTS) as ChecksumAlgorithm[];

export const startDigest = (algorithm: ChecksumAlgorithm): Digest => DIGESTS[algorithm]();

export const checksumHeader = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${algorithm}`;

/** The algorithm of a name as the API spells it (`CRC32`), or undefined where S3 knows none such. */
export const checksumAlgorithm = (name: string | undefined): ChecksumAlgorithm | undefined =>
  ALGORITHMS.find((algorithm) => algorithm === name?.toLowerCase());

/** The algorithm that a request's headers ask for: by a value, by announcing a trailer, or by name. */
export function requestedChecksum(headers: Readonly<Record<string, string>>): ChecksumAlgorithm | undefined {
  return (
    ALGORITHMS.find((algorithm) => headers[checksumHeader(algorithm)] !== undefined) ??
    ALGORITHMS.find((algorithm) => headers['x-amz-trailer']?.toLowerCase() === checksumHeader(algorithm)) ??
    checksumAlgorithm(headers['x-amz-sdk-checksum-algorithm'] ?? headers['x-amz-checksum-algorithm'])
  );
}

/** The checksum of checksums, as S3 keeps it for an upload in parts. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly Checksum[]): Checksum {
  const digest = startDigest(algorithm);
  for (const part of parts) digest.update(Buffer.from(part.value, 'base64'));
  return { algorithm, value: `${digest.digest().toString('base64')}-${parts.length}`, type: 'COMPOSITE' };
}

export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** The same facts as elements of a document, e.g. `ChecksumCRC32`. */
export function checksumElements(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [`Checksum${checksum.algorithm.toUpperCase()}`]: checksum.value, ChecksumType: checksum.type };
}

function crc32Digest(): Digest {
  let crc = 0;
  return {
    update(bytes) {
      crc = crc32(bytes, crc);
    },
    digest: () => uint32(crc),
  };
}
