import { snapshotFolderKey } from '@kilat/contracts';
import { type Dataset, type DatasetColumn, isOrigin, type Snapshots, SourceNotFoundError } from '@kilat/core';
import type { Cell, Row } from '@kilat/core/learning';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { objectStore } from './object-store.ts';

/** Beside the columns of the rows; no column of a table may be named so. */
const HELD_OUT = '__held_out';
const ORIGIN = '__origin';
const COLUMNS = 'kilat.columns';

/** The name of a dataset's file in its folder. */
export const SNAPSHOT_FILE = 'rows.parquet';

const types = { number: 'DOUBLE', boolean: 'BOOLEAN', text: 'STRING' } as const;

/** Datasets as Parquet files, Snappy inside, under the hash of their content. */
export function snapshotStore(bucket: string): Snapshots {
  const objects = objectStore(bucket);
  return {
    async write({ tenantId, model }, sha256, dataset) {
      const key = snapshotFolderKey(tenantId, model, sha256) + SNAPSHOT_FILE;
      if ((await objects.versionOf(key)) !== undefined) return; // the name is the content's hash
      await objects.write(key, encodeDataset(dataset), 'application/vnd.apache.parquet');
    },

    async read({ tenantId, model }, sha256) {
      const object = await objects.read(snapshotFolderKey(tenantId, model, sha256) + SNAPSHOT_FILE);
      if (!object) throw new SourceNotFoundError(`the dataset ${sha256} is not there`);
      return decodeDataset(object.bytes);
    },
  };
}

/** The same dataset gives the same bytes. A column with a value that is not of its type is written as text. */
export function encodeDataset({ columns, rows, heldOut, origins }: Dataset): Uint8Array {
  const columnData = columns.map(({ name, type }) => {
    const cells = rows.map((row) => row[name] ?? null);
    const fits = cells.every((cell) => cell === null || type === 'text' || typeof cell === type);
    const data = fits && type !== 'text' ? cells : cells.map((cell) => (cell === null ? null : String(cell)));
    return { name, data, type: fits ? types[type] : types.text, nullable: true };
  });
  const flags = { name: HELD_OUT, data: [...heldOut].map(Boolean), type: types.boolean };
  const sources = { name: ORIGIN, data: [...origins], type: types.text };
  const kvMetadata = [{ key: COLUMNS, value: JSON.stringify(columns) }];
  return new Uint8Array(
    parquetWriteBuffer({ columnData: [...columnData, flags, sources], codec: 'SNAPPY', kvMetadata }),
  );
}

/** What encodeDataset wrote. */
export async function decodeDataset(bytes: Uint8Array): Promise<Dataset> {
  const file = bytes.slice().buffer;
  const { key_value_metadata = [] } = parquetMetadata(file);
  const columns = JSON.parse(key_value_metadata.find(({ key }) => key === COLUMNS)!.value!) as DatasetColumn[];
  const records = (await parquetReadObjects({ file })) as Record<string, Cell>[];
  return {
    columns,
    rows: records.map((record): Row => Object.fromEntries(columns.map(({ name }) => [name, record[name] ?? null]))),
    heldOut: Uint8Array.from(records, (record) => (record[HELD_OUT] === true ? 1 : 0)),
    origins: records.map((record) => (isOrigin(record[ORIGIN]) ? record[ORIGIN] : 'source')),
  };
}
