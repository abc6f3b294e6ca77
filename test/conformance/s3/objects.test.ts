import { randomBytes } from 'node:crypto';
import { GetObjectAttributesCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import { refusalOf, useS3 } from '../../support/s3.ts';

const s3 = useS3();
let bucket: string;
beforeAll(async () => {
  bucket = await s3.newBucket();
});

describe('objects', () => {
  it('gives an object back with its headers and its metadata', async () => {
    const written = await s3.client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: 'a.csv',
        Body: 'hello',
        ContentType: 'text/csv',
        CacheControl: 'max-age=1',
        ContentDisposition: 'attachment; filename="a.csv"',
        ContentLanguage: 'id',
        ContentEncoding: 'identity',
        Metadata: { model: 'resnet' },
      }),
    );

    const object = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'a.csv' }));

    expect(written.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"'); // MD5 of "hello"
    expect(await object.Body!.transformToString()).toBe('hello');
    expect(object).toMatchObject({
      ETag: written.ETag,
      ContentLength: 5,
      ContentType: 'text/csv',
      CacheControl: 'max-age=1',
      ContentDisposition: 'attachment; filename="a.csv"',
      ContentLanguage: 'id',
      ContentEncoding: 'identity',
      Metadata: { model: 'resnet' },
      AcceptRanges: 'bytes',
    });
  });

  it('calls an object of no stated type binary', async () => {
    const Key = 'no-type';
    await s3.put(bucket, Key, 'x');

    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key }));

    expect(head.ContentType).toMatch(/^(binary|application)\/octet-stream$/); // the SDK states the latter itself
  });

  it('stores every byte as it came', async () => {
    const bytes = Buffer.from(Uint8Array.from({ length: 512 }, (_, index) => index % 256));
    await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: 'bytes', Body: bytes }));

    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'bytes' }));

    expect(Buffer.from(await Body!.transformToByteArray()).equals(bytes)).toBe(true);
  });

  it('stores an empty object', async () => {
    await s3.put(bucket, 'empty', '', { ContentLength: 0 });

    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'empty' }));

    expect(head.ContentLength).toBe(0);
    expect(head.ETag).toBe('"d41d8cd98f00b204e9800998ecf8427e"'); // MD5 of nothing
    expect(await s3.read(bucket, 'empty')).toBe('');
  });

  it('takes 50 MB in one request', async () => {
    const bytes = randomBytes(50_000_000);
    await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: 'model.onnx', Body: bytes }));

    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'model.onnx' }));

    expect(Buffer.from(await Body!.transformToByteArray()).equals(bytes)).toBe(true);
  });

  it.each([
    'sp ace/plus+é/日本語/😀.txt',
    '%2F%25',
    'quote"\'<>&;:@=,?#[]{}|\\^`~!$*()',
    'dots/../../up',
    './here',
    '/leading//double/',
    ' trailing ',
  ])('keeps the key %j', async (key) => {
    await s3.put(bucket, key, key);

    expect(await s3.read(bucket, key)).toBe(key);
  });

  it('refuses a key of more than 1,024 bytes', async () => {
    const refusal = await refusalOf(s3.put(bucket, 'é'.repeat(513), 'x'));

    expect(refusal).toEqual({ code: 'KeyTooLongError', status: 400 });
  });

  it('refuses more than 2 KB of metadata', async () => {
    const refusal = await refusalOf(s3.put(bucket, 'key', 'x', { Metadata: { note: 'x'.repeat(2048) } }));

    expect(refusal).toEqual({ code: 'MetadataTooLarge', status: 400 });
  });

  it('answers NoSuchKey for an object that is not there', async () => {
    const get = await refusalOf(s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'nowhere' })));
    const head = await refusalOf(s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'nowhere' })));

    expect(get).toEqual({ code: 'NoSuchKey', status: 404 });
    expect(head).toEqual({ code: 'NotFound', status: 404 });
  });

  it('answers NoSuchBucket before it takes a body', async () => {
    const refusal = await refusalOf(s3.put('kilat-no-such-bucket', 'key', 'x'.repeat(2_000_000)));

    expect(refusal).toEqual({ code: 'NoSuchBucket', status: 404 });
  });

  it('tells the id of a request that it refuses', async () => {
    const response = await fetch(`${s3.url}/${bucket}/nowhere`);

    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.headers.get('x-amz-request-id')).toMatch(/\w+/);
    expect(await response.text()).toMatch(/<RequestId>\w+<\/RequestId>/);
  });

  it('tells size, entity tag and storage class as attributes', async () => {
    await s3.put(bucket, 'attributes', 'hello');

    const attributes = await s3.client.send(
      new GetObjectAttributesCommand({
        Bucket: bucket,
        Key: 'attributes',
        ObjectAttributes: ['ETag', 'ObjectSize', 'StorageClass'],
      }),
    );

    expect(attributes).toMatchObject({
      ETag: '5d41402abc4b2a76b9719d911017c592',
      ObjectSize: 5,
      StorageClass: 'STANDARD',
    });
  });

  it('echoes the encryption that an upload asks for', async () => {
    const written = await s3.client.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'kms', Body: 'x', ServerSideEncryption: 'aws:kms' }),
    );
    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'kms' }));

    expect(written.ServerSideEncryption).toBe('aws:kms');
    expect(head.ServerSideEncryption).toBe('aws:kms');
  });

  it.skipIf(isRemote)('refuses what it does not emulate, and leaves the object alone', async () => {
    await s3.put(bucket, 'acl', 'x');
    const Authorization = 'AWS4-HMAC-SHA256 Credential=LOCALACCESSKEY/20260101/us-east-1/s3/aws4_request';

    const response = await fetch(`${s3.url}/${bucket}/acl?acl`, {
      method: 'PUT',
      headers: { Authorization },
      body: '<AccessControlPolicy/>',
    });

    expect(response.status).toBe(501);
    expect(await s3.read(bucket, 'acl')).toBe('x');
  });
});
