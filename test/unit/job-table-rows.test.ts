import { InvalidManifestError, readTableRows, type TableRow } from '@kilat/core';
import { describe, expect, it } from 'vitest';

const read = (name: string, text: string, parquet: Record<string, unknown>[] = []): Promise<TableRow[]> =>
  readTableRows(name, new TextEncoder().encode(text), async () => parquet);

describe('a table', () => {
  it('of CSV is text by column, with quotes, commas, a byte order mark and Windows line ends', async () => {
    expect(await read('t.csv', '\uFEFFid,plan\r\n1,"a ""b"", c"\r\n\r\n2,\r\n')).toEqual([
      { place: 'line 2', texts: { id: '1', plan: 'a "b", c' } },
      { place: 'line 4', texts: { id: '2', plan: '' } },
    ]);
  });

  it('of CSV names lines that have other fields than the first', async () => {
    const rows = await read('t.csv', 'a,b\n1\n1,2,3\n"1"x,2\n');

    expect(rows.map((row) => 'error' in row && row.error.message)).toEqual([
      'line 2 has 1 fields; expected 2 fields',
      'line 3 has 3 fields; expected 2 fields',
      'line 4 has a stray quote; expected 2 fields',
    ]);
  });

  it('of NDJSON keeps types, and names what is no row', async () => {
    const rows = await read('t.jsonl', '{"a":1,"b":null}\n[1]\n{"a":{}}\nnonsense\n');

    expect(rows[0]).toEqual({ place: 'line 1', instance: { a: 1, b: null } });
    expect(rows.slice(1).every((row) => 'error' in row)).toBe(true);
  });

  it('of Parquet counts rows, and refuses cells that are no plain values', async () => {
    const rows = await read('t.parquet', '', [{ a: 1 }, { a: [1] }]);

    expect(rows).toEqual([
      { place: 'row 1', instance: { a: 1 } },
      { place: 'row 2', error: expect.any(InvalidManifestError) },
    ]);
  });

  it.each([
    ['photo.jpg', 'x'],
    ['empty.csv', ''],
    ['nameless.csv', 'a,,c\n1,2,3'],
    ['twice.csv', 'a,a\n1,2'],
  ])('%s is refused as a whole', async (name, text) => {
    await expect(read(name, text)).rejects.toThrow(InvalidManifestError);
  });
});
