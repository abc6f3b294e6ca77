import { CopyObjectCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, useS3 } from '../../support/s3.ts';

const HELLO_ETAG = '"5d41402abc4b2a76b9719d911017c592"'; // MD5 of "hello"
const OTHER_ETAG = '"00000000000000000000000000000000"';

const s3 = useS3();
let bucket: string;
beforeAll(async () => {
  bucket = await s3.newBucket();
  await s3.put(bucket, 'hello', 'hello');
});

describe('conditional writes', () => {
  it('creates an object that must not exist yet, once', async () => {
    await s3.put(bucket, 'once', '1', { IfNoneMatch: '*' });

    const refusal = await refusalOf(s3.put(bucket, 'once', '2', { IfNoneMatch: '*' }));

    expect(refusal).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect(await s3.read(bucket, 'once')).toBe('1');
  });

  it('lets one of many create an object', async () => {
    const writers = Array.from({ length: 10 }, (_, index) => s3.put(bucket, 'race', `${index}`, { IfNoneMatch: '*' }));

    const outcomes = await Promise.allSettled(writers);

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('replaces an object only where it is the one expected', async () => {
    await s3.put(bucket, 'match', 'hello');

    const refusal = await refusalOf(s3.put(bucket, 'match', 'wrong', { IfMatch: OTHER_ETAG }));
    await s3.put(bucket, 'match', 'right', { IfMatch: HELLO_ETAG });

    expect(refusal).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect(await s3.read(bucket, 'match')).toBe('right');
  });

  it('answers NoSuchKey where there is nothing to match', async () => {
    const refusal = await refusalOf(s3.put(bucket, 'nothing', 'x', { IfMatch: HELLO_ETAG }));

    expect(refusal).toEqual({ code: 'NoSuchKey', status: 404 });
  });

  it('deletes an object only where it is the one expected', async () => {
    await s3.put(bucket, 'delete', 'hello');

    const refusal = await refusalOf(
      s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'delete', IfMatch: OTHER_ETAG })),
    );

    expect(refusal).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect(await s3.read(bucket, 'delete')).toBe('hello');
  });

  it('copies an object only where the source is the one expected', async () => {
    const copy = { Bucket: bucket, Key: 'copy', CopySource: `${bucket}/hello` };

    const refusal = await refusalOf(s3.client.send(new CopyObjectCommand({ ...copy, CopySourceIfMatch: OTHER_ETAG })));
    await s3.client.send(new CopyObjectCommand({ ...copy, CopySourceIfMatch: HELLO_ETAG }));

    expect(refusal).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect(await s3.read(bucket, 'copy')).toBe('hello');
  });
});

describe('conditional reads', () => {
  const get = (condition: object) =>
    s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'hello', ...condition }));

  it('sends nothing to a reader who has the object', async () => {
    const refusal = await refusalOf(get({ IfNoneMatch: HELLO_ETAG }));

    expect(refusal.status).toBe(304);
  });

  it('sends the object to a reader who has another', async () => {
    const { Body } = await get({ IfNoneMatch: OTHER_ETAG });

    expect(await Body!.transformToString()).toBe('hello');
  });

  it('refuses a reader who wants another', async () => {
    const refusal = await refusalOf(get({ IfMatch: OTHER_ETAG }));

    expect(refusal.status).toBe(412);
  });

  it('sends nothing that did not change since the very second it was written', async () => {
    const { LastModified } = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'hello' }));

    const refusal = await refusalOf(get({ IfModifiedSince: LastModified }));

    expect(refusal.status).toBe(304);
  });

  it('refuses an object that changed after a date', async () => {
    const refusal = await refusalOf(get({ IfUnmodifiedSince: new Date('2001-01-01T00:00:00Z') }));

    expect(refusal.status).toBe(412);
  });
});

describe('ranges', () => {
  it.each([
    { range: 'bytes=1-3', text: 'ell', contentRange: 'bytes 1-3/5' },
    { range: 'bytes=3-', text: 'lo', contentRange: 'bytes 3-4/5' },
    { range: 'bytes=-2', text: 'lo', contentRange: 'bytes 3-4/5' },
    { range: 'bytes=-99', text: 'hello', contentRange: 'bytes 0-4/5' },
    { range: 'bytes=4-99', text: 'o', contentRange: 'bytes 4-4/5' },
  ])('serves $range', async ({ range, text, contentRange }) => {
    const object = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'hello', Range: range }));

    expect(await object.Body!.transformToString()).toBe(text);
    expect(object.ContentRange).toBe(contentRange);
    expect(object.$metadata.httpStatusCode).toBe(206);
  });

  it('refuses a range beyond the end', async () => {
    const refusal = await refusalOf(
      s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'hello', Range: 'bytes=5-' })),
    );

    expect(refusal).toEqual({ code: 'InvalidRange', status: 416 });
  });

  it('tells the length of a range without its bytes', async () => {
    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'hello', Range: 'bytes=1-3' }));

    expect(head.ContentLength).toBe(3);
  });
});
