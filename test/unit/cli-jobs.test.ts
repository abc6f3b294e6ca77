import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Api } from '../../cli/api/client.ts';
import { UnreachableError } from '../../cli/errors.ts';
import { withFiles } from '../../cli/jobs/result.ts';
import { submit } from '../../cli/jobs/submit.ts';
import { SubmittedFiles } from '../../cli/jobs/submitted-files.ts';
import { fileUpload, upload } from '../../cli/jobs/upload.ts';
import { watch } from '../../cli/jobs/watch.ts';
import { jsonServer } from '../support/json-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Asked {
  readonly id: string;
  readonly request: { readonly body?: Record<string, unknown>; readonly headers?: Record<string, string> };
}

/** An API that hands out forms to a bucket, and keeps what it was asked. */
function apiWithBucket(url: string) {
  const asked: Asked[] = [];
  let keys = 0;
  const form = () => ({ key: `uploads/acme/${keys++}`, url, fields: { 'Content-Type': 'image/jpeg', policy: 'p' } });
  const api = (async (id: string, request: Asked['request'] = {}) => {
    asked.push({ id, request });
    return id === 'createUploads'
      ? { uploads: Array.from({ length: Number(request.body!.count) }, form) }
      : { job_id: 'j' };
  }) as unknown as Api;
  return { api, asked };
}

function files(...names: string[]): string[] {
  const folder = temporaryFolder();
  for (const name of names) writeFileSync(join(folder, name), `content of ${name}`);
  return names.map((name) => join(folder, name));
}

describe('an upload', () => {
  it('posts the form’s fields, and the file last', async () => {
    const bucket = await jsonServer(() => ({ status: 204 }));
    const { api } = apiWithBucket(bucket.url);

    await upload(api, files('a.jpg').map(fileUpload));

    const parts = [...bucket.received[0]!.body.matchAll(/; name="([^"]+)"/g)].map(([, name]) => name);
    expect(parts).toEqual(['Content-Type', 'policy', 'file']);
    expect(bucket.received[0]!.body).toContain('content of a.jpg');
  });

  it('asks for forms by media type, and answers keys in the order of the files', async () => {
    const bucket = await jsonServer(() => ({ status: 204 }));
    const { api, asked } = apiWithBucket(bucket.url);

    const keys = await upload(api, files('a.jpg', 'b.png', 'c.JPEG', 'd').map(fileUpload));

    expect(asked.map(({ request }) => request.body)).toEqual([
      { media_type: 'image/jpeg', count: 3 },
      { media_type: 'image/png', count: 1 },
    ]);
    expect(keys).toEqual(['uploads/acme/0', 'uploads/acme/3', 'uploads/acme/1', 'uploads/acme/2']);
  });

  it('comes again when the bucket asks for it', async () => {
    const statuses = [503, 204];
    const bucket = await jsonServer(() => ({ status: statuses.shift()!, headers: { 'retry-after': '0' } }));

    await upload(apiWithBucket(bucket.url).api, files('a.jpg').map(fileUpload));

    expect(bucket.received).toHaveLength(2);
    expect(bucket.received[1]!.body).toContain('content of a.jpg');
  });

  it('that is refused is told with the file and the bucket’s reason', async () => {
    const bucket = await jsonServer(() => ({
      status: 403,
      body: '<Error><Code>AccessDenied</Code><Message>Policy expired</Message></Error>',
    }));
    const [file] = files('a.jpg');

    await expect(upload(apiWithBucket(bucket.url).api, [fileUpload(file!)])).rejects.toThrow(
      `${file} was not uploaded: Policy expired`,
    );
  });
});

describe('a submission', () => {
  const uploading = {};
  const submission = { model: 'signs', topK: 3, idempotencyKey: 'k' };

  it('names what was uploaded, under its idempotency key', async () => {
    const bucket = await jsonServer(() => ({ status: 204 }));
    const { api, asked } = apiWithBucket(bucket.url);

    await submit(api, { ...submission, source: { kind: 'files', files: files('a.jpg', 'b.jpg') } }, uploading);

    expect(asked.at(-1)).toEqual({
      id: 'submitJob',
      request: {
        headers: { 'idempotency-key': 'k' },
        body: { model: 'signs', top_k: 3, uploads: ['uploads/acme/0', 'uploads/acme/1'] },
      },
    });
  });

  it('names a prefix, with what of it', async () => {
    const { api, asked } = apiWithBucket('');

    await submit(
      api,
      { ...submission, source: { kind: 'prefix', prefix: 'uploads/acme/' }, include: ['**'] },
      uploading,
    );

    expect(asked[0]!.request.body).toMatchObject({ source: { prefix: 'uploads/acme/', include: ['**'] } });
  });

  it('names a manifest that it uploaded', async () => {
    const bucket = await jsonServer(() => ({ status: 204 }));
    const { api, asked } = apiWithBucket(bucket.url);

    await submit(api, { ...submission, source: { kind: 'manifest', file: files('list.csv')[0]! } }, uploading);

    expect(asked.map(({ request }) => request.body)).toEqual([
      { media_type: 'text/csv', count: 1 },
      { model: 'signs', top_k: 3, manifest: 'uploads/acme/0' },
    ]);
  });

  it('is not made once it was stopped', async () => {
    const { api, asked } = apiWithBucket('');
    const signal = AbortSignal.abort();

    await expect(
      submit(api, { ...submission, source: { kind: 'prefix', prefix: 'uploads/acme/' } }, { signal }),
    ).rejects.toThrow();
    expect(asked).toEqual([]);
  });
});

describe('watching a job', () => {
  /** An API that answers in turn: a state, or a line that is down. */
  const apiThatAnswers = (...turns: string[]): Api =>
    (async () => {
      const turn = turns.shift()!;
      if (turn === 'down') throw new UnreachableError('the API does not answer', undefined);
      return { state: turn };
    }) as unknown as Api;

  const statesOf = async (api: Api, waited: number[] = []): Promise<string[]> => {
    const sleep = async (ms: number): Promise<void> => void waited.push(ms);
    return (await Array.fromAsync(watch(api, 'j', { sleep }))).map(({ state }) => state);
  };

  it.each(['succeeded', 'partially_failed', 'failed', 'cancelled'])('ends when it is %s', async (end) => {
    expect(await statesOf(apiThatAnswers('queued', 'planning', 'running', end))).toEqual([
      'queued',
      'planning',
      'running',
      end,
    ]);
  });

  it('asks ever less often, but every five seconds', async () => {
    const waited: number[] = [];

    await statesOf(apiThatAnswers(...Array.from({ length: 40 }, () => 'running'), 'succeeded'), waited);

    expect([waited[0], waited[1], waited.at(-1)]).toEqual([250, 300, 5000]);
  });

  it('outlasts a line that is down for a while', async () => {
    const down = Array.from({ length: 5 }, () => 'down');

    expect(await statesOf(apiThatAnswers(...down, 'running', ...down, 'succeeded'))).toEqual(['running', 'succeeded']);
  });

  it('ends when the line stays down', async () => {
    await expect(statesOf(apiThatAnswers(...Array.from({ length: 6 }, () => 'down')))).rejects.toThrow(
      'the API does not answer',
    );
  });
});

describe('a result', () => {
  const lines = async function* () {
    yield '{"index":0,"input":"uploads/acme/0"}';
    yield '{"index":1,"input":"uploads/acme/1"}';
  };

  it('has the names that the files have on this machine', async () => {
    const submitted = new SubmittedFiles(temporaryFolder());
    submitted.put('j', ['a "b".jpg', 'c.jpg']);

    const named = await Array.fromAsync(withFiles(lines(), submitted.get('j')));

    expect(named.map((line) => JSON.parse(line))).toEqual([
      { file: 'a "b".jpg', index: 0, input: 'uploads/acme/0' },
      { file: 'c.jpg', index: 1, input: 'uploads/acme/1' },
    ]);
  });

  it('is whole without them', async () => {
    const named = await Array.fromAsync(withFiles(lines(), new SubmittedFiles(temporaryFolder()).get('j')));

    expect(named).toEqual(['{"index":0,"input":"uploads/acme/0"}\n', '{"index":1,"input":"uploads/acme/1"}\n']);
  });
});
