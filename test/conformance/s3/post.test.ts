import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusalIn, useS3 } from '../../support/s3.ts';

const s3 = useS3();
let bucket: string;
beforeAll(async () => {
  bucket = await s3.newBucket();
});

interface FormOptions {
  readonly body?: string;
  readonly change?: Record<string, string>;
}

/** Signs a form and submits it, with some fields changed by whoever holds it. */
async function post(options: Partial<PresignedPostOptions>, { body = 'posted', change = {} }: FormOptions = {}) {
  const signed = await createPresignedPost(s3.client, { Bucket: bucket, Key: 'post', Expires: 60, ...options });
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...signed.fields, ...change })) form.append(name, value);
  form.append('file', new Blob([body]), 'bild é.txt');
  return fetch(signed.url, { method: 'POST', body: form, redirect: 'manual' });
}

describe('presigned forms', () => {
  it('stores the file of a form', async () => {
    const response = await post({ Key: 'form' });

    expect(response.status).toBe(204);
    expect(response.headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/);
    expect(await s3.read(bucket, 'form')).toBe('posted');
  });

  it('puts the name of the file into the key', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: these are the characters that the form has
    await post({ Key: 'uploads/${filename}' });

    expect(await s3.read(bucket, 'uploads/bild é.txt')).toBe('posted');
  });

  it('keeps the type and the metadata of the form', async () => {
    const Fields = { 'Content-Type': 'text/csv', 'x-amz-meta-tenant': 'acme' };

    await post({ Key: 'typed', Fields });

    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'typed' }));
    expect(head.ContentType).toBe('text/csv');
    expect(head.Metadata).toEqual({ tenant: 'acme' });
  });

  it('keeps no metadata under a name that no header can have', async () => {
    await post({
      Key: 'odd-name',
      Fields: { 'x-amz-meta-odd name': 'x', 'x-amz-meta-é': 'x', 'x-amz-meta-sound': 'é' },
    });

    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'odd-name' }));
    expect(Object.keys(head.Metadata ?? {})).toEqual(['sound']);
  });

  it('answers with a document where the form asks for 201', async () => {
    const response = await post({ Key: 'created', Fields: { success_action_status: '201' } });

    expect(response.status).toBe(201);
    expect(await response.text()).toContain('<Key>created</Key>');
  });

  it('sends the browser on where the form says so', async () => {
    const response = await post({
      Key: 'redirected',
      Fields: { success_action_redirect: 'https://example.org/done?x=1' },
    });

    const location = new URL(response.headers.get('location') ?? '');
    expect(response.status).toBe(303);
    expect(location.origin + location.pathname).toBe('https://example.org/done');
    expect(location.searchParams.get('key')).toBe('redirected');
  });
});

describe('policies of forms', () => {
  const Conditions: PresignedPostOptions['Conditions'] = [['content-length-range', 2, 10]];

  it('takes a file of the least and of the largest size', async () => {
    const least = await post({ Key: 'size', Conditions }, { body: 'xx' });
    const largest = await post({ Key: 'size', Conditions }, { body: 'x'.repeat(10) });

    expect([least.status, largest.status]).toEqual([204, 204]);
  });

  it.each([
    { body: 'x', code: 'EntityTooSmall' },
    { body: 'x'.repeat(11), code: 'EntityTooLarge' },
  ])('refuses a file with $code', async ({ body, code }) => {
    const refusal = await refusalIn(await post({ Key: 'range', Conditions }, { body }));

    expect(refusal).toEqual({ code, status: 400 });
    await expect(s3.read(bucket, 'range')).rejects.toThrow();
  });

  it.each([
    ['a key of another prefix', { key: 'tenant-b/x' }],
    ['another type', { 'Content-Type': 'text/html' }],
    ['a field that was not signed', { 'x-amz-meta-admin': 'true' }],
  ])('refuses %s', async (_what, change) => {
    const options: Partial<PresignedPostOptions> = {
      Key: 'tenant-a/x',
      Fields: { 'Content-Type': 'image/png' },
      Conditions: [
        ['starts-with', '$key', 'tenant-a/'],
        ['starts-with', '$Content-Type', 'image/'],
      ],
    };

    const sound = await post(options);
    const refusal = await refusalIn(await post(options, { change }));

    expect(sound.status).toBe(204);
    expect(refusal).toEqual({ code: 'AccessDenied', status: 403 });
  });

  it('refuses a form that has expired', async () => {
    const refusal = await refusalIn(await post({ Expires: -1 }));

    expect(refusal).toEqual({ code: 'AccessDenied', status: 403 });
  });

  it('refuses a policy that was changed', async () => {
    const policy = JSON.stringify({ expiration: '2999-01-01T00:00:00Z', conditions: [{ bucket }, { key: 'post' }] });
    const change = { Policy: Buffer.from(policy).toString('base64') };

    const refusal = await refusalIn(await post({}, { change }));

    expect(refusal).toEqual({ code: 'SignatureDoesNotMatch', status: 403 });
  });

  it('refuses an access key that nobody has', async () => {
    const change = { 'X-Amz-Credential': 'NOSUCHACCESSKEY/20260101/us-east-1/s3/aws4_request' };

    const refusal = await refusalIn(await post({}, { change }));

    expect(refusal).toEqual({ code: 'InvalidAccessKeyId', status: 403 });
  });

  it('refuses a form without a policy', async () => {
    const form = new FormData();
    form.append('key', 'anonymous');
    form.append('file', new Blob(['x']));

    const refusal = await refusalIn(await fetch(`${s3.url}/${bucket}`, { method: 'POST', body: form }));

    expect(refusal).toEqual({ code: 'AccessDenied', status: 403 });
  });

  it('refuses what is no form', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };

    const response = await fetch(`${s3.url}/${bucket}`, { method: 'POST', body: 'no form', headers });

    expect(response.status).toBe(400);
  });
});
