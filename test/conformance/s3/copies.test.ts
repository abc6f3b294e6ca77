import { CopyObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, useS3 } from '../../support/s3.ts';

const s3 = useS3();
let bucket: string;
beforeAll(async () => {
  bucket = await s3.newBucket();
});

describe('copies', () => {
  it('copies bytes, headers and metadata', async () => {
    await s3.put(bucket, 'source é +', 'hello', { ContentType: 'text/csv', Metadata: { model: 'resnet' } });

    const { CopyObjectResult } = await s3.client.send(
      new CopyObjectCommand({
        Bucket: bucket,
        Key: 'target',
        CopySource: `${bucket}/${encodeURIComponent('source é +')}`,
      }),
    );

    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'target' }));
    expect(CopyObjectResult?.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    expect(head).toMatchObject({ ContentType: 'text/csv', Metadata: { model: 'resnet' } });
    expect(await s3.read(bucket, 'target')).toBe('hello');
  });

  it('replaces the metadata of a copy', async () => {
    await s3.put(bucket, 'source', 'x', { Metadata: { model: 'resnet' } });

    await s3.client.send(
      new CopyObjectCommand({
        Bucket: bucket,
        Key: 'replaced',
        CopySource: `${bucket}/source`,
        MetadataDirective: 'REPLACE',
        Metadata: { stage: 'test' },
      }),
    );

    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'replaced' }));
    expect(head.Metadata).toEqual({ stage: 'test' });
  });

  it('refuses to copy an object to itself with nothing changed', async () => {
    await s3.put(bucket, 'self', 'x');

    const refusal = await refusalOf(
      s3.client.send(new CopyObjectCommand({ Bucket: bucket, Key: 'self', CopySource: `${bucket}/self` })),
    );

    expect(refusal).toEqual({ code: 'InvalidRequest', status: 400 });
  });

  it('answers NoSuchKey for a source that is not there', async () => {
    const refusal = await refusalOf(
      s3.client.send(new CopyObjectCommand({ Bucket: bucket, Key: 'target', CopySource: `${bucket}/nowhere` })),
    );

    expect(refusal).toEqual({ code: 'NoSuchKey', status: 404 });
  });
});
