import { matchesGlob } from '@kilat/adapters/glob';
import { InvalidManifestError, readManifestRows } from '@kilat/core';
import { describe, expect, it } from 'vitest';

const told = (name: string, text: string) =>
  readManifestRows(name, text).map((row) => ('error' in row ? row.error.message : row));

describe('a manifest of NDJSON', () => {
  it('holds a key or a URL in each line; empty lines do not count', () => {
    const text = '{"key":"a.jpg"}\n\n{"image_url":"https://example.com/b.jpg","note":1}\r\n';

    expect(told('all.ndjson', text)).toEqual([
      { line: 1, key: 'a.jpg' },
      { line: 3, url: 'https://example.com/b.jpg' },
    ]);
  });

  it.each([
    ['no JSON', '{"key"'],
    ['no object', '"a.jpg"'],
    ['neither', '{"path":"a.jpg"}'],
    ['both', '{"key":"a.jpg","image_url":"https://example.com/a.jpg"}'],
    ['a number', '{"key":1}'],
    ['an empty key', '{"key":""}'],
  ])('names a line that holds %s, and reads on', (_, line) => {
    expect(told('all.jsonl', `${line}\n{"key":"b.jpg"}`)).toEqual([
      "line 1 holds neither just a 'key' nor just an 'image_url'",
      { line: 2, key: 'b.jpg' },
    ]);
  });
});

describe('a manifest of CSV', () => {
  it('is read by the names of its columns, quotes and all (RFC 4180)', () => {
    const text = '\uFEFFnote,key,image_url\r\n"a, ""b""","c, d.jpg",\r\n,,https://example.com/e.jpg\r\n';

    expect(told('all.csv', text)).toEqual([
      { line: 2, key: 'c, d.jpg' },
      { line: 3, url: 'https://example.com/e.jpg' },
    ]);
  });

  it.each(['a.jpg,b', '"a.jpg', 'a"b.jpg', ','])('names the line %s, and reads on', (line) => {
    expect(told('all.CSV', `key\n${line}\nb.jpg`)).toEqual([
      "line 2 holds neither just a 'key' nor just an 'image_url'",
      { line: 3, key: 'b.jpg' },
    ]);
  });

  it('without a column that it needs is refused as a whole', () => {
    expect(() => readManifestRows('all.csv', 'path\na.jpg')).toThrow(InvalidManifestError);
  });
});

it('refuses a manifest of another kind', () => {
  expect(() => readManifestRows('all.xml', '<a/>')).toThrow(/ends in .ndjson, .jsonl or .csv$/);
});

it('fails with our error or not at all, whatever the text', () => {
  const alphabet = ['"', ',', '\n', 'key', '{', '}', ':', 'a', '\\', '\uFEFF', ' '];
  let state = 1;
  const random = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647; // Lehmer's generator: the same texts in every run
    return state % below;
  };
  const texts = Array.from({ length: 2000 }, () =>
    Array.from({ length: random(12) }, () => alphabet[random(alphabet.length)]).join(''),
  );

  for (const text of texts) {
    expect(readManifestRows('x.ndjson', text).length).toBeLessThanOrEqual(text.split('\n').length);
    try {
      readManifestRows('x.csv', text);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidManifestError);
    }
  }
});

it.each([
  ['a/b/c.jpg', '**/*.jpg', true],
  ['c.jpg', '**/*.jpg', true],
  ['a/c.jpg', '*.jpg', false],
  ['c.png', '*.{jpg,png}', true],
  ['c1.jpg', 'c[0-9].jpg', true],
  ['c.JPG', '*.jpg', false],
])('a glob: %s under %s is %s', (path, pattern, expected) => {
  expect(matchesGlob(path, pattern)).toBe(expected);
});
