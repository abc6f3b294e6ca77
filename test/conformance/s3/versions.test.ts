import {
  type BucketVersioningStatus,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { refusalOf, useS3 } from '../../support/s3.ts';

const s3 = useS3();
let bucket: string;
beforeEach(async () => {
  bucket = await s3.newBucket();
  await setVersioning('Enabled');
});

const setVersioning = (Status: BucketVersioningStatus) =>
  s3.client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }));

async function put(Key: string, Body: string): Promise<string | undefined> {
  const { VersionId } = await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  return VersionId;
}

const remove = (Key: string, VersionId?: string) =>
  s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId }));

describe('versioning', () => {
  it('is off until it is enabled', async () => {
    const unversioned = await s3.newBucket();

    const off = await s3.client.send(new GetBucketVersioningCommand({ Bucket: unversioned }));
    const on = await s3.client.send(new GetBucketVersioningCommand({ Bucket: bucket }));
    const written = await s3.client.send(new PutObjectCommand({ Bucket: unversioned, Key: 'key', Body: 'x' }));

    expect(off.Status).toBeUndefined();
    expect(on.Status).toBe('Enabled');
    expect(written.VersionId).toBeUndefined();
  });

  it('keeps every version and reads the latest', async () => {
    const first = await put('key', '1');
    const second = await put('key', '2');

    expect(first).not.toBe(second);
    expect(await s3.read(bucket, 'key')).toBe('2');
    expect(await s3.read(bucket, 'key', first)).toBe('1');
  });

  it('lists versions and delete markers, the newest of a key first', async () => {
    const first = await put('a', '1');
    const second = await put('a', '2');
    const other = await put('b', '3');
    const { VersionId: marker } = await remove('a');

    const { Versions, DeleteMarkers } = await s3.client.send(new ListObjectVersionsCommand({ Bucket: bucket }));

    expect(Versions?.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest])).toEqual([
      ['a', second, false],
      ['a', first, false],
      ['b', other, true],
    ]);
    expect(DeleteMarkers?.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest])).toEqual([
      ['a', marker, true],
    ]);
  });

  it('pages through the versions of one key', async () => {
    const written = [await put('key', '1'), await put('key', '2'), await put('key', '3')];

    const first = await s3.client.send(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 2 }));
    const rest = await s3.client.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        KeyMarker: first.NextKeyMarker,
        VersionIdMarker: first.NextVersionIdMarker,
      }),
    );

    expect(first.Versions?.map(({ VersionId }) => VersionId)).toEqual([written[2], written[1]]);
    expect(rest.Versions?.map(({ VersionId }) => VersionId)).toEqual([written[0]]);
  });

  it('hides an object behind a delete marker, and shows it again without', async () => {
    await put('key', '1');
    const marker = await remove('key');

    const hidden = await refusalOf(s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'key' })));
    const listed = await s3.client.send(new ListObjectsV2Command({ Bucket: bucket }));
    const undone = await remove('key', marker.VersionId);

    expect(marker.DeleteMarker).toBe(true);
    expect(hidden).toEqual({ code: 'NoSuchKey', status: 404 });
    expect(listed.KeyCount).toBe(0);
    expect(undone.DeleteMarker).toBe(true);
    expect(await s3.read(bucket, 'key')).toBe('1');
  });

  it('refuses to read a delete marker by its id', async () => {
    await put('key', '1');
    const { VersionId } = await remove('key');

    const refusal = await refusalOf(s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'key', VersionId })));

    expect(refusal.status).toBe(405);
  });

  it('makes the version before the latest one, once that is deleted', async () => {
    await put('key', '1');
    const second = await put('key', '2');

    await remove('key', second);

    expect(await s3.read(bucket, 'key')).toBe('1');
  });

  it('answers NoSuchVersion for an id of no version', async () => {
    const id = await put('key', '1');
    await remove('key', id);

    const refusal = await refusalOf(
      s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'key', VersionId: id })),
    );

    expect(refusal).toEqual({ code: 'NoSuchVersion', status: 404 });
  });

  it('writes over the null version while it is suspended, and keeps the others', async () => {
    const kept = await put('key', '1');
    await setVersioning('Suspended');
    await put('key', '2');
    const written = await put('key', '3');

    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'key' }));
    const { Versions } = await s3.client.send(new ListObjectVersionsCommand({ Bucket: bucket }));

    expect(written).toBeUndefined();
    expect(head.VersionId).toBe('null');
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(['null', kept]);
    expect(await s3.read(bucket, 'key')).toBe('3');
    expect(await s3.read(bucket, 'key', kept)).toBe('1');
  });

  it('keeps as the null version what was there before versioning', async () => {
    const late = await s3.newBucket();
    await s3.put(late, 'key', 'before');
    await s3.client.send(
      new PutBucketVersioningCommand({ Bucket: late, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    await s3.put(late, 'key', 'after');

    expect(await s3.read(late, 'key')).toBe('after');
    expect(await s3.read(late, 'key', 'null')).toBe('before');
  });

  it('deletes chosen versions of many keys at once', async () => {
    const first = await put('a', '1');
    await put('b', '2');

    const { Deleted } = await s3.client.send(
      new DeleteObjectsCommand({
        Bucket: bucket,
        Delete: { Objects: [{ Key: 'a', VersionId: first }, { Key: 'b' }] },
      }),
    );

    expect(Deleted?.[0]).toEqual({ Key: 'a', VersionId: first });
    expect(Deleted?.[1]).toMatchObject({ Key: 'b', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) });
  });
});
