import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { FileError, filesOf, readImage } from '../../cli/files.ts';
import { sourceOf } from '../../cli/jobs/source.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder: string;
const at = (...names: string[]): string => join(folder, ...names);
const write = (...names: string[]): void => writeFileSync(at(...names), 'x');

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(at('inner'));
  for (const name of ['b.JPG', 'a.png', 'notes.txt', '._a.png', 'odd[1].webp']) write(name);
  write('inner', 'c.jpeg');
});

describe('words of a command line', () => {
  it('stand for the images of a folder at any depth, but for hidden ones', () => {
    expect(filesOf([folder])).toEqual([at('a.png'), at('b.JPG'), at('inner/c.jpeg'), at('odd[1].webp')]);
  });

  it('stand for what a pattern matches, whatever it is', () => {
    expect(filesOf([at('*.{txt,png}')])).toEqual([at('a.png'), at('notes.txt')]);
    expect(filesOf([at('**/c.*')])).toEqual([at('inner/c.jpeg')]);
  });

  it('stand for the images of the folders that a pattern matches', () => {
    expect(filesOf([at('inn*')])).toEqual([at('inner/c.jpeg')]);
  });

  it('stand for a file that is named like a pattern', () => {
    expect(filesOf([at('odd[1].webp')])).toEqual([at('odd[1].webp')]);
  });

  it('name each file once', () => {
    expect(filesOf([at('a.png'), at('*.png')])).toEqual([at('a.png')]);
  });

  it('stay as they are where they stand for nothing', () => {
    expect(filesOf([at('none.jpg'), at('*.gif'), '-'])).toEqual([at('none.jpg'), at('*.gif'), '-']);
  });
});

describe('a file', () => {
  it.each([
    ['that is not there', () => at('none.jpg'), 'no such file'],
    ['that is a folder', () => at('inner'), 'a folder without images'],
  ])('is told of %s', async (_, path, reason) => {
    await expect(readImage(path())).rejects.toThrow(new FileError('unreadable-file', reason));
  });

  it('is not sent where the API would refuse its size', async () => {
    writeFileSync(at('large.jpg'), Buffer.alloc(3 * 1024 * 1024 + 1));

    await expect(readImage(at('large.jpg'))).rejects.toMatchObject({ code: 'image-too-large' });
  });
});

describe('the source of a job', () => {
  it('is photos of this machine', () => {
    expect(sourceOf([folder, at('inner')])).toMatchObject({ kind: 'files', files: { length: 4 } });
  });

  it('is a prefix of the bucket', () => {
    expect(sourceOf(['s3:uploads/acme/'])).toEqual({ kind: 'prefix', prefix: 'uploads/acme/' });
  });

  it.each(['list.ndjson', 'list.jsonl', 'LIST.CSV'])('is a manifest: %s', (name) => {
    write(name);

    expect(sourceOf([at(name)])).toEqual({ kind: 'manifest', file: at(name) });
  });

  it.each([
    ['a prefix beside photos', ['s3:uploads/acme/', 'a.png']],
    ['two manifests', ['a.csv', 'b.csv']],
    ['stdin', ['-']],
  ])('is not %s', (_, words) => {
    expect(() => sourceOf(words)).toThrow('expected photos, or one s3:prefix or manifest');
  });

  it('is refused before anything is uploaded when one of its files is not there', () => {
    expect(() => sourceOf([at('a.png'), at('none.jpg')])).toThrow(`${at('none.jpg')}: no such file`);
  });
});
