import { ListObjectsCommand, ListObjectsV2Command, type ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, useS3 } from '../../support/s3.ts';

/** In the order of their UTF-8 bytes, which for the last two is not that of UTF-16. */
const KEYS = ['a', 'in/1', 'in/2', 'in/sub/3', 'in/sub/4', 'in/x/5', 'out/6', 'sp ace+é', '\uff5e', '😀'];

const s3 = useS3();
let bucket: string;
beforeAll(async () => {
  bucket = await s3.newBucket();
  for (const key of KEYS.toReversed()) await s3.put(bucket, key, key);
});

const list = (input: Partial<ListObjectsV2CommandInput> = {}) =>
  s3.client.send(new ListObjectsV2Command({ Bucket: bucket, ...input }));

/** What the pages of a listing hold together, and how many there were. */
async function listAll(input: Partial<ListObjectsV2CommandInput>) {
  const keys: (string | undefined)[] = [];
  const prefixes: (string | undefined)[] = [];
  let pages = 0;
  let token: string | undefined;
  do {
    const page = await list({ ...input, ContinuationToken: token });
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
    prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
    pages += 1;
    token = page.NextContinuationToken;
  } while (token);
  return { keys, prefixes, pages };
}

describe('listing objects', () => {
  it('lists keys in the order of their bytes', async () => {
    const { Contents, KeyCount, IsTruncated } = await list();

    expect(Contents?.map(({ Key }) => Key)).toEqual(KEYS);
    expect(KeyCount).toBe(10);
    expect(IsTruncated).toBe(false);
  });

  it('tells size and entity tag', async () => {
    const { Contents } = await list({ Prefix: 'a' });

    expect(Contents?.[0]).toMatchObject({ Key: 'a', Size: 1, ETag: '"0cc175b9c0f1b6a831c399e269772661"' }); // MD5 of "a"
  });

  it('groups what lies behind a delimiter', async () => {
    const { Contents, CommonPrefixes, KeyCount } = await list({ Prefix: 'in/', Delimiter: '/' });

    expect(Contents?.map(({ Key }) => Key)).toEqual(['in/1', 'in/2']);
    expect(CommonPrefixes).toEqual([{ Prefix: 'in/sub/' }, { Prefix: 'in/x/' }]);
    expect(KeyCount).toBe(4);
  });

  it.each([1, 2, 3])('pages by %i without losing or repeating a key', async (MaxKeys) => {
    const { keys, pages } = await listAll({ MaxKeys });

    expect(keys).toEqual(KEYS);
    expect(pages).toBe(Math.ceil(10 / MaxKeys));
  });

  it.each([1, 2, 3])('pages by %i without losing or repeating a group', async (MaxKeys) => {
    const { keys, prefixes } = await listAll({ MaxKeys, Delimiter: '/' });

    expect(keys).toEqual(['a', 'sp ace+é', '\uff5e', '😀']);
    expect(prefixes).toEqual(['in/', 'out/']);
  });

  it('starts after a key, there or not', async () => {
    const { Contents } = await list({ StartAfter: 'in/sub/3z', Prefix: 'in/' });

    expect(Contents?.map(({ Key }) => Key)).toEqual(['in/sub/4', 'in/x/5']);
  });

  it('encodes keys on request', async () => {
    const { Contents, EncodingType } = await list({ Prefix: 'sp', EncodingType: 'url' });

    expect(EncodingType).toBe('url');
    expect(decodeURIComponent(Contents![0]!.Key!.replaceAll('+', '%20'))).toBe('sp ace+é');
  });

  it('lists nothing where nothing fits', async () => {
    const page = await list({ Prefix: 'zz' });

    expect(page.Contents ?? []).toEqual([]);
    expect(page.KeyCount).toBe(0);
    expect(page.IsTruncated).toBe(false);
  });

  it('lists nothing, and is not truncated, where no key is wanted', async () => {
    const page = await list({ MaxKeys: 0 });

    expect(page.KeyCount).toBe(0);
    expect(page.IsTruncated).toBe(false);
  });

  it('refuses a continuation token that it never gave', async () => {
    const refusal = await refusalOf(list({ ContinuationToken: 'bm90LWEtdG9rZW4=' }));

    expect(refusal).toEqual({ code: 'InvalidArgument', status: 400 });
  });

  it('lists in the older way by markers', async () => {
    const first = await s3.client.send(new ListObjectsCommand({ Bucket: bucket, Delimiter: '/', MaxKeys: 2 }));
    const second = await s3.client.send(
      new ListObjectsCommand({ Bucket: bucket, Delimiter: '/', Marker: first.NextMarker }),
    );

    expect(first.NextMarker).toBe('in/');
    expect(second.CommonPrefixes).toEqual([{ Prefix: 'out/' }]);
    expect(second.Contents?.map(({ Key }) => Key)).toEqual(['sp ace+é', '\uff5e', '😀']);
  });
});
