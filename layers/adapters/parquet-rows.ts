import { InvalidManifestError, type ReadParquet } from '@kilat/core';

/** The rows of a Parquet file, uncompressed or by Snappy; dates become ISO 8601 text. */
export const readParquet: ReadParquet = async (bytes) => {
  const { parquetReadObjects } = await import('hyparquet'); // of jobs, few are Parquet
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const rows = await parquetReadObjects({ file }).catch((cause: unknown) => {
    throw new InvalidManifestError('the file is no Parquet that can be read', { cause });
  });
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
};

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  return value;
}
