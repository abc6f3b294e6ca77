import { decodeDataset, encodeDataset } from '@kilat/adapters/snapshot-store';
import { readTable } from '@kilat/adapters/table-source';
import { SourceNotFoundError } from '@kilat/core';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { aDataset } from '../../support/dataset.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a source', () => {
  it('of CSV gives text under the names of its header, quoted as RFC 4180 has it', async () => {
    const text = '\uFEFFid,name\r\n1,"Ada, ""the first"""\r\n\r\n2,"two\nlines"\r\n';

    expect(await readTable('sources/t/a.csv', bytes(text))).toEqual([
      { id: '1', name: 'Ada, "the first"' },
      { id: '2', name: 'two\nlines' },
    ]);
  });

  it('of NDJSON keeps the types of JSON', async () => {
    expect(await readTable('a.ndjson', bytes('{"id":1,"paid":true,"name":null}\n\n{"id":2.5}\n'))).toEqual([
      { id: 1, paid: true, name: null },
      { id: 2.5 },
    ]);
  });

  it('of Parquet gives numbers for integers of 64 bits, and text for dates', async () => {
    const file = parquetWriteBuffer({
      columnData: [
        { name: 'id', data: [1n, 2n], type: 'INT64' },
        { name: 'day', data: [new Date('2026-11-20T00:00:00Z'), null], type: 'TIMESTAMP' },
      ],
    });

    expect(await readTable('A.PARQUET', new Uint8Array(file))).toEqual([
      { id: 1, day: '2026-11-20T00:00:00.000Z' },
      { id: 2, day: null },
    ]);
  });

  it.each([
    ['a name that says no format', 'a.xlsx', 'id\n1'],
    ['a CSV whose lines have different lengths', 'a.csv', 'id,name\n1'],
    ['a CSV with an open quote', 'a.csv', 'id\n"1'],
    ['a line that is no JSON', 'a.ndjson', '{"id":'],
    ['a line that is no object', 'a.ndjson', '[1]'],
    ['a value that is an object', 'a.ndjson', '{"id":{"a":1}}'],
    ['text that is no UTF-8', 'a.ndjson', '\u0000'],
    ['a Parquet file that is none', 'a.parquet', 'PAR1'],
  ])('is refused for %s', async (_, name, text) => {
    await expect(readTable(name, bytes(text))).rejects.toBeInstanceOf(SourceNotFoundError);
  });
});

describe('a snapshot', () => {
  const dataset = aDataset(
    [
      { id: 'a', tenure: 1.5, paid: true },
      { id: 'b', tenure: null, paid: null },
    ],
    {
      columns: [
        { name: 'id', type: 'text' },
        { name: 'tenure', type: 'number' },
        { name: 'paid', type: 'boolean' },
      ],
      heldOut: Uint8Array.of(0, 1),
      origins: ['source', 'feedback'],
    },
  );

  it('reads back as what was written', async () => {
    expect(await decodeDataset(encodeDataset(dataset))).toEqual(dataset);
  });

  it('has the same bytes every time', () => {
    expect(Buffer.compare(encodeDataset(dataset), encodeDataset(structuredClone(dataset)))).toBe(0);
  });

  it('is Parquet that others read, with its flags beside the columns', async () => {
    const file = encodeDataset(dataset).slice().buffer;

    expect(await parquetReadObjects({ file })).toEqual([
      { id: 'a', tenure: 1.5, paid: true, __held_out: false, __origin: 'source' },
      { id: 'b', tenure: null, paid: null, __held_out: true, __origin: 'feedback' },
    ]);
  });

  it('keeps as text a column with a value that is not of its type', async () => {
    const mixed = { ...dataset, rows: dataset.rows.map((row) => ({ ...row, tenure: row.tenure ?? 'long' })) };

    expect((await decodeDataset(encodeDataset(mixed))).rows.map(({ tenure }) => tenure)).toEqual(['1.5', 'long']);
  });
});
