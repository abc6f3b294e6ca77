import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from '../../local/data-folder.ts';
import { LocalCloudError } from '../../local/errors.ts';
import { FunctionLogs } from '../../local/function-logs.ts';

let parent: string;
let path: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'kilat-data-'));
  path = join(parent, 'data');
});
afterEach(() => rmSync(parent, { recursive: true }));

describe('data folder', () => {
  it('keeps what is in it from one start to the next', () => {
    const first = openDataFolder(path);
    writeFileSync(first.file('kept.txt'), 'kept');
    first.release();

    const second = openDataFolder(path);

    expect(readFileSync(second.file('kept.txt'), 'utf8')).toBe('kept');
    second.release();
  });

  it('forgets everything when it is to be fresh', () => {
    const first = openDataFolder(path);
    writeFileSync(join(first.folder('s3'), 'photo'), 'x');
    first.release();

    const second = openDataFolder(path, { fresh: true });

    expect(existsSync(join(path, 's3'))).toBe(false);
    second.release();
  });

  it('is held by one at a time, and the other is told by whom', () => {
    const first = openDataFolder(path);

    expect(() => openDataFolder(path)).toThrow(`process ${process.pid}`);
    first.release();
    openDataFolder(path).release();
  });

  it('is free again when its holder is killed', () => {
    const module = join(import.meta.dirname, '../../local/data-folder.ts');
    const script = `import { openDataFolder } from ${JSON.stringify(module)};
      openDataFolder(${JSON.stringify(path)});
      process.kill(process.pid, 'SIGKILL');`;

    const { signal } = spawnSync(process.execPath, ['--input-type=module', '--eval', script]);

    expect(signal).toBe('SIGKILL');
    openDataFolder(path).release();
  });

  it('is no file', () => {
    writeFileSync(path, '');

    expect(() => openDataFolder(path)).toThrow(LocalCloudError);
    expect(() => openDataFolder(path)).toThrow('is a file');
  });

  it.each([{ fresh: false }, { fresh: true }])('is no folder of somebody else, fresh: $fresh', (options) => {
    mkdirSync(path);
    writeFileSync(join(path, 'holiday.jpg'), 'precious');

    expect(() => openDataFolder(path, options)).toThrow('no data folder of Kilat');
    expect(readdirSync(path)).toEqual(['holiday.jpg']);
  });

  it.each([
    ['a newer version', '{"version":99}', 'newer version'],
    ['an older version', '{"version":0}', 'older version'],
    ['a damaged marker', '{"vers', 'damaged'],
  ])('says so when it is of %s, and can be made fresh', (_, marker, message) => {
    openDataFolder(path).release();
    writeFileSync(join(path, 'kilat-data.json'), marker);

    expect(() => openDataFolder(path)).toThrow(message);
    openDataFolder(path, { fresh: true }).release();
    openDataFolder(path).release();
  });

  it.skipIf(process.getuid?.() === 0)('says so when it cannot be written', () => {
    mkdirSync(path);
    chmodSync(path, 0o500);

    expect(() => openDataFolder(path)).toThrow('cannot be written (EACCES)');
    chmodSync(path, 0o700);
  });
});

describe('function logs', () => {
  it('go to a file per function, after what is there', () => {
    const logs = new FunctionLogs(parent);
    logs.append('predict', 'one');
    logs.append('history', 'other');
    logs.close();

    const again = new FunctionLogs(parent);
    again.append('predict', 'two');
    again.close();

    expect(readFileSync(join(parent, 'predict.log'), 'utf8')).toBe('one\ntwo\n');
    expect(readFileSync(join(parent, 'history.log'), 'utf8')).toBe('other\n');
  });

  it('are rotated at their limit, and the older half is kept', () => {
    const logs = new FunctionLogs(parent, { maxBytes: 10 });
    for (const line of ['12345', '67890', 'abc']) logs.append('predict', line);
    logs.close();

    expect(readFileSync(join(parent, 'predict.log.1'), 'utf8')).toBe('12345\n67890\n');
    expect(readFileSync(join(parent, 'predict.log'), 'utf8')).toBe('abc\n');
  });
});
