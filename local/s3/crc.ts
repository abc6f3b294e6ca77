/** A checksum fed piece by piece. */
export interface Digest {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

// The polynomials, bits reversed: all three CRCs of S3 are the reflected kind, begun and ended with all ones.
const CASTAGNOLI = 0x82f63b78;
const NVME_HIGH = 0x9a6c9329;
const NVME_LOW = 0xac4bc9b5;

const crc32cTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? CASTAGNOLI : 0);
  return crc;
});

/** CRC-32C (RFC 3720, appendix B.4). zlib has CRC-32 only. */
export function crc32c(): Digest {
  let crc = 0xffffffff;
  return {
    update(bytes) {
      for (const byte of bytes) crc = (crc >>> 8) ^ crc32cTable[(crc ^ byte) & 0xff]!;
    },
    digest: () => uint32(~crc),
  };
}

/** 64 bits as two halves: BigInt would be some fifty times slower. */
function crc64Tables(): { high: Uint32Array; low: Uint32Array } {
  const tables = { high: new Uint32Array(256), low: new Uint32Array(256) };
  for (let byte = 0; byte < 256; byte++) {
    let high = 0;
    let low = byte;
    for (let bit = 0; bit < 8; bit++) {
      const carry = low & 1;
      low = ((low >>> 1) | (high << 31)) ^ (carry ? NVME_LOW : 0);
      high = (high >>> 1) ^ (carry ? NVME_HIGH : 0);
    }
    tables.high[byte] = high;
    tables.low[byte] = low;
  }
  return tables;
}

const crc64Table = crc64Tables();

/** CRC-64/NVME (NVM Express command set specification, section 5.2.1.3.4). */
export function crc64nvme(): Digest {
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update(bytes) {
      for (const byte of bytes) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ crc64Table.low[index]!;
        high = (high >>> 8) ^ crc64Table.high[index]!;
      }
    },
    digest: () => Buffer.concat([uint32(~high), uint32(~low)]),
  };
}

/** Four bytes, big-endian: the order in which S3 writes a CRC before base64. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
