import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../support/endpoint.ts';
import { refusalIn, useS3 } from '../../support/s3.ts';

const s3 = useS3();
let bucket: string;
beforeAll(async () => {
  bucket = await s3.newBucket();
  await s3.put(bucket, 'hello', 'hello', { ContentType: 'text/plain' });
});

const HOUR_MS = 3_600_000;

interface UrlOptions {
  readonly expiresIn?: number;
  readonly signingDate?: Date;
}

const getUrl = (key: string, options: UrlOptions = {}) =>
  getSignedUrl(s3.client, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: 60, ...options });

const putUrl = (key: string, more: object = {}) =>
  getSignedUrl(s3.client, new PutObjectCommand({ Bucket: bucket, Key: key, ...more }), { expiresIn: 60 });

describe('presigned downloads', () => {
  it('serves an object to whoever has its URL', async () => {
    const response = await fetch(await getUrl('hello'));

    expect(response.status).toBe(200);
    expect(await response.text()).toBe('hello');
    expect(response.headers.get('content-type')).toBe('text/plain');
  });

  it('serves an object of an odd key', async () => {
    const key = "a b+c/é 'quoted' (1)*~.txt";
    await s3.put(bucket, key, 'odd');

    const response = await fetch(await getUrl(key));

    expect(await response.text()).toBe('odd');
  });

  it('answers with the headers that the URL asks for', async () => {
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: 'hello',
      ResponseContentDisposition: 'attachment; filename="result é.csv"',
      ResponseContentType: 'text/csv',
    });

    const response = await fetch(await getSignedUrl(s3.client, command));

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/csv');
    expect(response.headers.get('content-disposition')).not.toBeNull();
  });

  it('refuses a URL that has expired', async () => {
    const signingDate = new Date(Date.now() - HOUR_MS);

    const refusal = await refusalIn(await fetch(await getUrl('hello', { signingDate })));

    expect(refusal).toEqual({ code: 'AccessDenied', status: 403 });
  });

  it('refuses a URL of the future', async () => {
    const signingDate = new Date(Date.now() + HOUR_MS);

    const refusal = await refusalIn(await fetch(await getUrl('hello', { signingDate })));

    expect(refusal).toEqual({ code: 'AccessDenied', status: 403 });
  });

  it.each([
    ['signature', (url: string) => url.replace(/Signature=[0-9a-f]{8}/, 'Signature=00000000')],
    ['key', (url: string) => url.replace('/hello?', '/other?')],
    ['expiry', (url: string) => url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600')],
    ['query', (url: string) => `${url}&response-content-type=text%2Fhtml`],
  ])('refuses a URL whose %s was changed', async (_what, change) => {
    const refusal = await refusalIn(await fetch(change(await getUrl('hello'))));

    expect(refusal).toEqual({ code: 'SignatureDoesNotMatch', status: 403 });
  });

  it('refuses another method than was signed', async () => {
    const refusal = await refusalIn(await fetch(await getUrl('hello'), { method: 'DELETE' }));

    expect(refusal).toEqual({ code: 'SignatureDoesNotMatch', status: 403 });
    expect(await s3.read(bucket, 'hello')).toBe('hello');
  });

  it('refuses an access key that nobody has', async () => {
    const credentials = { accessKeyId: 'NOSUCHACCESSKEY', secretAccessKey: 'secret' };
    const stranger = new S3Client({ ...clientConfig(s3.url), credentials, forcePathStyle: true });
    const url = await getSignedUrl(stranger, new GetObjectCommand({ Bucket: bucket, Key: 'hello' }));

    const refusal = await refusalIn(await fetch(url));

    expect(refusal).toEqual({ code: 'InvalidAccessKeyId', status: 403 });
  });

  it('refuses the wrong secret', async () => {
    const credentials = { ...clientConfig('').credentials, secretAccessKey: 'guess' };
    const stranger = new S3Client({ ...clientConfig(s3.url), credentials, forcePathStyle: true });
    const url = await getSignedUrl(stranger, new GetObjectCommand({ Bucket: bucket, Key: 'hello' }));

    const refusal = await refusalIn(await fetch(url));

    expect(refusal).toEqual({ code: 'SignatureDoesNotMatch', status: 403 });
  });

  it('refuses a URL that names a signer and has no signature', async () => {
    const url = (await getUrl('hello')).replace(/&X-Amz-Signature=[0-9a-f]+/, '');

    const refusal = await refusalIn(await fetch(url));

    expect(refusal).toEqual({ code: 'AuthorizationQueryParametersError', status: 400 });
  });

  it('refuses a URL that comes with another signature in the header', async () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=SOMEBODYELSE/20260101/us-east-1/s3/aws4_request';

    const refusal = await refusalIn(await fetch(await getUrl('hello'), { headers: { authorization } }));

    expect(refusal).toEqual({ code: 'InvalidArgument', status: 400 });
  });

  it('refuses whoever shows no signature at all', async () => {
    const refusal = await refusalIn(await fetch(`${s3.url}/${bucket}/hello`));

    expect(refusal).toEqual({ code: 'AccessDenied', status: 403 });
  });
});

describe('presigned uploads', () => {
  it('stores what is put to the URL, though an SDK signed the checksum of nothing', async () => {
    const url = await putUrl('up/data.csv', { ContentType: 'text/csv' });

    const response = await fetch(url, { method: 'PUT', body: '1,2', headers: { 'content-type': 'text/csv' } });

    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'up/data.csv' }));
    expect(response.status).toBe(200);
    expect(head.ContentType).toBe('text/csv');
    expect(await s3.read(bucket, 'up/data.csv')).toBe('1,2');
  });

  it('keeps the metadata that was signed into the URL', async () => {
    const url = await putUrl('up/metadata', { Metadata: { tenant: 'a b' } });

    await fetch(url, { method: 'PUT', body: 'x' });

    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'up/metadata' }));
    expect(head.Metadata).toEqual({ tenant: 'a b' });
  });

  it('refuses a header of S3 that was not signed', async () => {
    const url = await putUrl('up/copied');

    const response = await fetch(url, { method: 'PUT', headers: { 'x-amz-copy-source': `${bucket}/hello` } });

    expect(await refusalIn(response)).toEqual({ code: 'AccessDenied', status: 403 });
  });

  it('refuses a signed header of another value', async () => {
    const command = new PutObjectCommand({ Bucket: bucket, Key: 'up/type', ContentType: 'text/csv' });
    const url = await getSignedUrl(s3.client, command, { signableHeaders: new Set(['content-type']) });

    const response = await fetch(url, { method: 'PUT', body: 'x', headers: { 'content-type': 'text/html' } });

    expect(await refusalIn(response)).toEqual({ code: 'SignatureDoesNotMatch', status: 403 });
  });
});
