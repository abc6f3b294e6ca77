import { DeleteObjectCommand, DeleteObjectsCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, useS3 } from '../../support/s3.ts';

const s3 = useS3();
let bucket: string;
beforeAll(async () => {
  bucket = await s3.newBucket();
});

describe('deletions', () => {
  it('deletes an object, and succeeds where there is none', async () => {
    await s3.put(bucket, 'gone', 'x');

    const first = await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'gone' }));
    const second = await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'gone' }));

    expect(first.$metadata.httpStatusCode).toBe(204);
    expect(second.$metadata.httpStatusCode).toBe(204);
    await expect(s3.read(bucket, 'gone')).rejects.toThrow();
  });

  it('deletes many at once, odd keys among them', async () => {
    const keys = ['many/1', ' many/2 ', 'many/<&>"\'', 'many/\r\n'];
    for (const key of keys) await s3.put(bucket, key, 'x');

    const { Deleted } = await s3.client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }),
    );

    expect(Deleted?.length).toBe(4);
    for (const key of keys) await expect(s3.read(bucket, key)).rejects.toThrow();
  });

  it('says nothing of what it deleted where it is asked to be quiet', async () => {
    await s3.put(bucket, 'quiet', 'x');

    const { Deleted } = await s3.client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Quiet: true, Objects: [{ Key: 'quiet' }] } }),
    );

    expect(Deleted ?? []).toEqual([]);
  });

  it('refuses to delete more than 1,000 at once', async () => {
    const Objects = Array.from({ length: 1001 }, (_, index) => ({ Key: `${index}` }));

    const refusal = await refusalOf(s3.client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } })));

    expect(refusal).toEqual({ code: 'MalformedXML', status: 400 });
  });
});
