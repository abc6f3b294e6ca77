import {
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, useS3 } from '../../support/s3.ts';

const s3 = useS3();
let bucket: string;
beforeAll(async () => {
  bucket = await s3.newBucket();
});

describe('tags of an object', () => {
  it('keeps tags apart from the bytes', async () => {
    await s3.put(bucket, 'tagged', 'bytes');
    const TagSet = [{ Key: 'model', Value: 'res net + é @1' }];
    await s3.client.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: 'tagged', Tagging: { TagSet } }));

    const tagging = await s3.client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: 'tagged' }));

    expect(tagging.TagSet).toEqual(TagSet);
    expect(await s3.read(bucket, 'tagged')).toBe('bytes');
  });

  it('takes tags with the upload, counts them, and deletes them', async () => {
    await s3.put(bucket, 'tagged-put', 'x', { Tagging: 'model=resnet&stage=a%2Bb' });

    const head = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'tagged-put' }));
    const before = await s3.client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: 'tagged-put' }));
    await s3.client.send(new DeleteObjectTaggingCommand({ Bucket: bucket, Key: 'tagged-put' }));
    const after = await s3.client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: 'tagged-put' }));

    expect(head.TagCount).toBe(2);
    expect(before.TagSet).toEqual([
      { Key: 'model', Value: 'resnet' },
      { Key: 'stage', Value: 'a+b' },
    ]);
    expect(after.TagSet).toEqual([]);
  });

  it.each([
    ['a character that tags may not have', { Key: 'model', Value: 'a&b' }],
    ['a longer key than tags may have', { Key: 'k'.repeat(129), Value: '' }],
  ])('refuses %s', async (_what, tag) => {
    await s3.put(bucket, 'tags', 'x');

    const refusal = await refusalOf(
      s3.client.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: 'tags', Tagging: { TagSet: [tag] } })),
    );

    expect(refusal).toEqual({ code: 'InvalidTag', status: 400 });
  });

  it('refuses an eleventh tag', async () => {
    await s3.put(bucket, 'tags', 'x');
    const TagSet = Array.from({ length: 11 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));

    const refusal = await refusalOf(
      s3.client.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: 'tags', Tagging: { TagSet } })),
    );

    expect(refusal).toEqual({ code: 'BadRequest', status: 400 });
  });
});
