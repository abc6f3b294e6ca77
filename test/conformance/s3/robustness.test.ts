import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startS3 } from '../../../local/s3/index.ts';
import { clientConfig, isRemote } from '../../support/endpoint.ts';
import { useS3 } from '../../support/s3.ts';

const AUTHORIZATION = 'AWS4-HMAC-SHA256 Credential=LOCALACCESSKEY/20260101/us-east-1/s3/aws4_request';

const faults: unknown[] = [];
const s3 = useS3({ onFault: (error) => faults.push(error) });
let bucket: string;
beforeAll(async () => {
  bucket = await s3.newBucket();
});

const blobs = () => readdir(join(s3.dir, 'blobs'));

/** Files are removed behind the answer's back: waits, for a second at most, until there are so many. */
async function expectBlobs(count: number): Promise<void> {
  await expect.poll(blobs, { timeout: 1000, interval: 20 }).toHaveLength(count);
}

describe('writers of one key at once', () => {
  it('leave the whole body of one of them', async () => {
    const bodies = Array.from({ length: 8 }, () => randomBytes(300_000));
    const target = { Bucket: bucket, Key: 'contended' };

    await Promise.all(bodies.map((Body) => s3.client.send(new PutObjectCommand({ ...target, Body }))));

    const { Body, ETag } = await s3.client.send(new GetObjectCommand(target));
    const stored = Buffer.from(await Body!.transformToByteArray());
    expect(bodies.filter((body) => body.equals(stored))).toHaveLength(1);
    expect(ETag).toMatch(/^"[0-9a-f]{32}"$/);
  });

  it('do not disturb whoever reads the object they replace', async () => {
    const before = randomBytes(8_000_000);
    const target = { Bucket: bucket, Key: 'read-while-written' };
    await s3.client.send(new PutObjectCommand({ ...target, Body: before }));

    const { Body } = await s3.client.send(new GetObjectCommand(target));
    await s3.put(bucket, target.Key, 'after');

    expect(Buffer.from(await Body!.transformToByteArray()).equals(before)).toBe(true);
    expect(await s3.read(bucket, target.Key)).toBe('after');
  });

  it('each get a version of their own where the bucket keeps them', async () => {
    const versioned = await s3.newBucket();
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await s3.client.send(new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration }));

    await Promise.all(Array.from({ length: 8 }, (_, index) => s3.put(versioned, 'key', `${index}`)));

    const { Versions } = await s3.client.send(new ListObjectVersionsCommand({ Bucket: versioned }));
    expect(new Set(Versions?.map(({ VersionId }) => VersionId)).size).toBe(8);
    expect(Versions?.filter(({ IsLatest }) => IsLatest)).toHaveLength(1);
  });
});

describe.skipIf(isRemote)('clients that misbehave', () => {
  it('leave nothing of an upload that they break off', async () => {
    const before = (await blobs()).length;
    const headers = { authorization: AUTHORIZATION, 'content-length': 10_000_000 };
    const put = request(`${s3.url}/${bucket}/aborted`, { method: 'PUT', headers });
    put.on('error', () => {});
    put.write(randomBytes(2_000_000));
    await expectBlobs(before + 1);

    put.destroy();

    await expectBlobs(before);
    await expect(s3.read(bucket, 'aborted')).rejects.toThrow('does not exist');
    expect(faults).toEqual([]);
  });

  it('leave nothing of an upload that breaks its promise', async () => {
    const before = (await blobs()).length;

    await expect(s3.put(bucket, 'broken', 'x', { ContentMD5: 'JfnnlDI7RTiF9RgfG2JNCw==' })).rejects.toThrow();

    await expectBlobs(before);
  });

  it('may hang up in the middle of a download', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: 'large', Body: randomBytes(20_000_000) }));
    const { hostname, port } = new URL(s3.url);
    const socket = connect(Number(port), hostname);
    socket.write(`GET /${bucket}/large HTTP/1.1\r\nHost: x\r\nAuthorization: ${AUTHORIZATION}\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));

    socket.destroy();
    await sleep(50);

    expect(faults).toEqual([]);
    await s3.put(bucket, 'afterwards', 'x');
    expect(await s3.read(bucket, 'afterwards')).toBe('x');
  });

  it.each([
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/bucket/%ff',
    '/bucket/a%00b',
    '//key',
    '/bucket?list-type=2&max-keys=-1',
  ])('get an answer, and no file, for the path %s', async (path) => {
    const status = await statusOf(path);

    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  it.each([
    '<a>',
    'no xml',
    '<!DOCTYPE a [<!ENTITY x "y">]><Delete><Object><Key>&x;</Key></Object></Delete>',
    '<Other/>',
  ])('are refused the document %j', async (body) => {
    const headers = { authorization: AUTHORIZATION };

    const response = await fetch(`${s3.url}/${bucket}?delete`, { method: 'POST', headers, body });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain('<Code>MalformedXML</Code>');
  });

  it('are refused more than 5 GiB before they send it', async () => {
    const status = await statusOf(`/${bucket}/huge`, 'PUT', { 'content-length': 5 * 1024 ** 3 + 1 });

    expect(status).toBe(400);
  });
});

describe.skipIf(isRemote)('a restart', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kilat-s3-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('finds everything again, and clears what a killed process left half written', async () => {
    const first = await startS3({ dir });
    const before = new S3Client(clientConfig(first.url));
    await before.send(new CreateBucketCommand({ Bucket: 'kept' }));
    const Metadata = { model: 'resnet' };
    await before.send(new PutObjectCommand({ Bucket: 'kept', Key: 'key', Body: 'hello', Metadata }));
    await first.close();
    await writeFile(join(dir, 'blobs', 'half-written'), 'hel');

    const second = await startS3({ dir });
    const after = new S3Client(clientConfig(second.url));
    const object = await after.send(new GetObjectCommand({ Bucket: 'kept', Key: 'key' }));

    expect(await object.Body!.transformToString()).toBe('hello');
    expect(object.Metadata).toEqual(Metadata);
    expect(await readdir(join(dir, 'blobs'))).toHaveLength(1);
    await second.close();
  });

  it('is told where the port is taken, and leaves nothing open', async () => {
    const port = Number(new URL(s3.url).port);

    await expect(startS3({ dir, port })).rejects.toThrow('EADDRINUSE');

    const later = await startS3({ dir });
    await later.close();
  });

  it('may be asked for twice, and in the middle of an upload', async () => {
    const unexpected: unknown[] = [];
    const service = await startS3({ dir, onFault: (error) => unexpected.push(error) });
    await new S3Client(clientConfig(service.url)).send(new CreateBucketCommand({ Bucket: 'open' }));
    const headers = { authorization: AUTHORIZATION, 'content-length': 1_000_000 };
    const put = request(`${service.url}/open/key`, { method: 'PUT', headers }).on('error', () => {});
    put.write('begun');
    await expect.poll(() => readdir(join(dir, 'blobs')), { timeout: 1000, interval: 10 }).toHaveLength(1);

    await Promise.all([service.close(), service.close()]);

    expect(await readdir(join(dir, 'blobs'))).toEqual([]);
    expect(unexpected).toEqual([]);
  });
});

/** The status of an answer to a request that `fetch` would tidy up first. */
function statusOf(path: string, method = 'GET', headers: Record<string, string | number> = {}): Promise<number> {
  const { hostname, port } = new URL(s3.url);
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path, method, headers: { authorization: AUTHORIZATION, ...headers } };
    const call = request(options, (response) => {
      resolve(response.statusCode ?? 0);
      call.destroy();
    });
    call.on('error', reject);
    if (method === 'GET') call.end();
    else call.flushHeaders();
  });
}
