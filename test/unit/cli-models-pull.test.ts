import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CatalogueEntry, catalogue } from '../../cli/catalogue/index.ts';
import { type PullOptions, pullEntry } from '../../cli/models/pull/pull.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const WEIGHTS = Buffer.from('these are the right weights');
const sha256 = createHash('sha256').update(WEIGHTS).digest('hex');

/** Serves 127.0.0.1 until the test ends. @returns its origin */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const sending = (body: Uint8Array): Promise<string> => serve((_, response) => response.end(body));

function anEntry(...urls: string[]): CatalogueEntry {
  const { manifest } = catalogue.get('mobilenetv2')!;
  const weights = { file: 'tiny.onnx', sha256, bytes: WEIGHTS.length, urls };
  return { manifest: { ...manifest, weights }, mirrors: urls.map((url) => ({ url, isVerified: true })), notes: [] };
}

function pulling(options: Partial<PullOptions> = {}) {
  const failures: string[] = [];
  const modelsDir = join(temporaryFolder(), 'models');
  const pull = (entry: CatalogueEntry) =>
    pullEntry(entry, {
      modelsDir,
      onFailure: ({ reason }) => failures.push(reason),
      ...options,
    });
  return { pull, failures, modelsDir, folder: join(modelsDir, 'mobilenetv2') };
}

describe('a pull from mirrors', () => {
  it('writes the weights, the manifest and the card, and nothing else', async () => {
    const { pull, folder } = pulling();

    await pull(anEntry(await sending(WEIGHTS)));

    expect(readdirSync(folder).sort()).toEqual(['README.md', 'model.json', 'tiny.onnx']);
    expect(readFileSync(join(folder, 'tiny.onnx'))).toEqual(WEIGHTS);
    expect(JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')).weights.sha256).toBe(sha256);
  });

  it('follows a redirect', async () => {
    const target = await sending(WEIGHTS);
    const mirror = await serve((_, response) => response.writeHead(302, { location: `${target}/elsewhere` }).end());
    const { pull } = pulling();

    const { takenFrom } = await pull(anEntry(mirror));

    expect(takenFrom).toBe(mirror);
  });

  it('goes on to the next mirror and tells why each before it failed', async () => {
    const missing = await serve((_, response) => response.writeHead(404).end());
    const other = await sending(Buffer.from('these are the wrong weights'));
    const longer = await sending(Buffer.concat([WEIGHTS, WEIGHTS]));
    const shorter = await sending(WEIGHTS.subarray(1));
    const cut = await serve((_, response) => {
      response.writeHead(200, { 'content-length': WEIGHTS.length }).write(WEIGHTS.subarray(0, 5));
      setTimeout(() => response.destroy(), 20);
    });
    const right = await sending(WEIGHTS);
    const { pull, failures, folder } = pulling();

    const { takenFrom } = await pull(anEntry(missing, other, longer, shorter, cut, right));

    expect(takenFrom).toBe(right);
    expect(failures).toEqual([
      'it answered 404',
      expect.stringMatching(/^its sha256 is [0-9a-f]{64}, expected [0-9a-f]{64}$/),
      'it is larger than the 27 bytes expected',
      'it ended after 26 of 27 bytes',
      expect.stringContaining('terminated'),
    ]);
    expect(readFileSync(join(folder, 'tiny.onnx'))).toEqual(WEIGHTS);
  });

  it('gives up a mirror that sends nothing', async () => {
    const silent = await serve((_, response) => void response.writeHead(200).write(WEIGHTS.subarray(0, 5)));
    const { pull, failures } = pulling({ stallMs: 100 });

    await pull(anEntry(silent, await sending(WEIGHTS)));

    expect(failures).toEqual(['it sent nothing for 0.1 seconds']);
  });

  it('reads no more of an endless file than the right one has', async () => {
    let sent = 0;
    const endless = await serve((_, response) => {
      const timer = setInterval(() => {
        response.write(Buffer.alloc(1000));
        sent += 1000;
      }, 1);
      response.once('close', () => clearInterval(timer));
    });
    const { pull } = pulling();

    await expect(pull(anEntry(endless))).rejects.toThrow('none of the 1 mirrors had the file');

    expect(sent).toBeLessThan(100_000);
  });

  it('leaves no trace when every mirror fails', async () => {
    const { pull, folder } = pulling();

    await expect(pull(anEntry(await sending(Buffer.from('no'))))).rejects.toThrow('--from DIR takes it from a folder');

    expect(existsSync(folder)).toBe(false);
  });

  it('leaves no half file when it is stopped on the way', async () => {
    const stop = new AbortController();
    const slow = await serve((_, response) => {
      response.write(WEIGHTS.subarray(0, 5));
      setTimeout(() => stop.abort(), 20);
    });
    const never = await sending(WEIGHTS);
    const { pull, folder, failures } = pulling({ signal: stop.signal });

    await expect(pull(anEntry(slow, never))).rejects.toThrow();

    expect(existsSync(folder)).toBe(false);
    expect(failures).toEqual([]);
  });
});

describe('weights that are here already', () => {
  it('are left alone when they are right, without a call to any mirror', async () => {
    const { pull, failures } = pulling();
    await pull(anEntry(await sending(WEIGHTS)));

    const again = await pull(anEntry('http://127.0.0.1:1'));

    expect(again.takenFrom).toBeUndefined();
    expect(failures).toEqual([]);
  });

  it('are replaced when they are wrong', async () => {
    const { pull, folder } = pulling();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'tiny.onnx'), 'damaged');

    await pull(anEntry(await sending(WEIGHTS)));

    expect(readFileSync(join(folder, 'tiny.onnx'))).toEqual(WEIGHTS);
  });

  it("are refused when the folder is another's model of the same name", async () => {
    const { pull, folder } = pulling();
    const own = { ...anEntry().manifest, source: { kind: 'added' } };
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'model.json'), JSON.stringify(own));

    await expect(pull(anEntry(await sending(WEIGHTS)))).rejects.toThrow('holds another model');
  });
});

describe('a pull from a folder', () => {
  it('finds the weights by their hash, deep down and under another name', async () => {
    const from = temporaryFolder();
    mkdirSync(join(from, 'a/b'), { recursive: true });
    writeFileSync(join(from, 'tiny.onnx'), 'these are the wrong weights');
    writeFileSync(join(from, 'a/b/renamed.bin'), WEIGHTS);
    const { pull, folder } = pulling({ from });

    const { takenFrom } = await pull(anEntry());

    expect(takenFrom).toBe(join(from, 'a/b/renamed.bin'));
    expect(readFileSync(join(folder, 'tiny.onnx'))).toEqual(WEIGHTS);
  });

  it('is refused when they are not there, and asks no mirror', async () => {
    const { pull } = pulling({ from: temporaryFolder() });

    await expect(pull(anEntry(await sending(WEIGHTS)))).rejects.toThrow(`has the sha256 ${sha256} (27 bytes)`);
  });

  it('is refused when there is no such folder', async () => {
    const { pull } = pulling({ from: join(temporaryFolder(), 'nowhere') });

    await expect(pull(anEntry())).rejects.toThrow(/the folder .*nowhere cannot be read/);
  });
});
