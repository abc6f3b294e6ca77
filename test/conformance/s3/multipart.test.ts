import {
  AbortMultipartUploadCommand,
  ChecksumType,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, useS3 } from '../../support/s3.ts';

/** The least that a part may have, and the MD5 of the MD5s of this and of "b", worked out with Python's hashlib. */
const FIVE_MIB = 'a'.repeat(5 * 1024 * 1024);
const TWO_PARTS_ETAG = '"e5a8c5272b26fc10581a21089559b006-2"';

const s3 = useS3();
let bucket: string;
beforeAll(async () => {
  bucket = await s3.newBucket();
});

describe('uploads in parts', () => {
  it('makes one object of the parts', async () => {
    const upload = await start('two', { ContentType: 'text/plain', Metadata: { model: 'resnet' } });
    const parts = [await upload.part(1, FIVE_MIB), await upload.part(2, 'b')];

    const completed = await upload.complete(parts);

    const object = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'two' }));
    expect(completed.ETag).toBe(TWO_PARTS_ETAG);
    expect(object).toMatchObject({ ETag: TWO_PARTS_ETAG, ContentType: 'text/plain', Metadata: { model: 'resnet' } });
    expect((await object.Body!.transformToString()) === `${FIVE_MIB}b`).toBe(true);
  });

  it('reads a range across the seam of two parts, and one part alone', async () => {
    const upload = await start('seam');
    await upload.complete([await upload.part(1, FIVE_MIB), await upload.part(2, 'bcd')]);
    const get = { Bucket: bucket, Key: 'seam' };

    const range = await s3.client.send(new GetObjectCommand({ ...get, Range: 'bytes=5242878-5242881' }));
    const part = await s3.client.send(new GetObjectCommand({ ...get, PartNumber: 2 }));

    expect(await range.Body!.transformToString()).toBe('aabc');
    expect(part).toMatchObject({ ContentLength: 3, PartsCount: 2 });
    expect((await part.Body!.transformToString()).slice(0, 9)).toBe('bcd');
  });

  it('lists parts and uploads until they are completed', async () => {
    const upload = await start('listed');
    await upload.part(3, 'c');
    await upload.part(1, 'a');
    const uploads = () => s3.client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: 'listed' }));

    const { Parts } = await s3.client.send(new ListPartsCommand(upload.id));
    const before = await uploads();
    await s3.client.send(new AbortMultipartUploadCommand(upload.id));
    const after = await uploads();

    expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 1],
      [3, 1],
    ]);
    expect(before.Uploads?.map(({ Key }) => Key)).toEqual(['listed']);
    expect(after.Uploads ?? []).toEqual([]);
  });

  it('pages the list of parts', async () => {
    const upload = await start('paged');
    for (const number of [1, 2, 3]) await upload.part(number, 'x');

    const first = await s3.client.send(new ListPartsCommand({ ...upload.id, MaxParts: 2 }));
    const rest = await s3.client.send(
      new ListPartsCommand({ ...upload.id, PartNumberMarker: first.NextPartNumberMarker }),
    );

    expect(first.IsTruncated).toBe(true);
    expect(rest.Parts?.map(({ PartNumber }) => PartNumber)).toEqual([3]);
  });

  it('takes the last of two parts with one number', async () => {
    const upload = await start('replaced');
    await upload.part(1, 'first');
    await upload.complete([await upload.part(1, 'second')]);

    expect(await s3.read(bucket, 'replaced')).toBe('second');
  });

  it('copies a range of an object into a part', async () => {
    await s3.put(bucket, 'source', '0123456789');
    const upload = await start('from-copy');
    const copy = { ...upload.id, PartNumber: 1, CopySource: `${bucket}/source`, CopySourceRange: 'bytes=2-5' };

    const { CopyPartResult } = await s3.client.send(new UploadPartCopyCommand(copy));
    await upload.complete([{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);

    expect(await s3.read(bucket, 'from-copy')).toBe('2345');
  });

  it.each([
    {
      what: 'an unknown entity tag',
      code: 'InvalidPart',
      of: ([a]: CompletedPart[]) => [{ ...a, ETag: `"${'0'.repeat(32)}"` }],
    },
    { what: 'a number never uploaded', code: 'InvalidPart', of: ([a]: CompletedPart[]) => [{ ...a, PartNumber: 9 }] },
    { what: 'the parts out of order', code: 'InvalidPartOrder', of: ([a, b]: CompletedPart[]) => [b!, a!] },
    { what: 'a small part before the last', code: 'EntityTooSmall', of: ([, , c, d]: CompletedPart[]) => [c!, d!] },
  ])('refuses to complete with $what', async ({ code, of }) => {
    const upload = await start('refused');
    const parts: CompletedPart[] = [];
    for (const [index, body] of [FIVE_MIB, FIVE_MIB, 'c', 'd'].entries())
      parts.push(await upload.part(index + 1, body));

    const refusal = await refusalOf(upload.complete(of(parts)));

    expect(refusal).toEqual({ code, status: 400 });
  });

  it('refuses a part number out of bounds', async () => {
    const upload = await start('bounds');

    const refusal = await refusalOf(upload.part(10_001, 'x'));

    expect(refusal).toEqual({ code: 'InvalidArgument', status: 400 });
  });

  it('knows an upload no more once it was aborted', async () => {
    const upload = await start('aborted');
    const part = await upload.part(1, 'x');
    await s3.client.send(new AbortMultipartUploadCommand(upload.id));

    const late = await refusalOf(upload.part(2, 'x'));
    const complete = await refusalOf(upload.complete([part]));

    expect(late).toEqual({ code: 'NoSuchUpload', status: 404 });
    expect(complete).toEqual({ code: 'NoSuchUpload', status: 404 });
  });

  it('completes only a key that is still free, and keeps the upload otherwise', async () => {
    const upload = await start('taken');
    const part = await upload.part(1, 'upload');
    await s3.put(bucket, 'taken', 'object');

    const refusal = await refusalOf(upload.complete([part], { IfNoneMatch: '*' }));
    await upload.complete([part]);

    expect(refusal).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect(await s3.read(bucket, 'taken')).toBe('upload');
  });
});

describe('checksums of uploads in parts', () => {
  // Worked out with Python's zlib and hashlib over five MiB of "a", and "b".
  it.each([
    { algorithm: 'CRC32', type: 'COMPOSITE', member: 'ChecksumCRC32', value: 'dYPmEQ==-2' },
    { algorithm: 'CRC32', type: 'FULL_OBJECT', member: 'ChecksumCRC32', value: 'rBxv8Q==' },
    {
      algorithm: 'SHA256',
      type: 'COMPOSITE',
      member: 'ChecksumSHA256',
      value: 'tfmzeY9XeH2OXmxrtS4iDWlNIKUTAFv0/csHs2lsoD8=-2',
    },
  ] as const)('combines $algorithm as $type', async ({ algorithm, type, member, value }) => {
    const Key = `${algorithm}-${type}`;
    const upload = await start(Key, { ChecksumAlgorithm: algorithm, ChecksumType: ChecksumType[type] });
    const parts = [await upload.part(1, FIVE_MIB), await upload.part(2, 'b')];

    const completed = await upload.complete(parts);

    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key, ChecksumMode: 'ENABLED' }));
    expect(completed[member]).toBe(value);
    expect(head[member]).toBe(value);
    expect(head.ChecksumType).toBe(type);
  });

  it('refuses a checksum of the whole that SHA cannot be combined to', async () => {
    const refusal = await refusalOf(start('sha', { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' }));

    expect(refusal).toEqual({ code: 'InvalidRequest', status: 400 });
  });
});

/** An upload begun, and what is done with one. */
async function start(Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) {
  const target = { Bucket: bucket, Key };
  const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ ...target, ...more }));
  const id = { ...target, UploadId };
  const ChecksumAlgorithm = more.ChecksumAlgorithm;
  return {
    id,
    part: async (PartNumber: number, Body: string): Promise<CompletedPart> => {
      const { $metadata: _, ...part } = await s3.client.send(
        new UploadPartCommand({ ...id, PartNumber, Body, ChecksumAlgorithm }),
      );
      return { PartNumber, ...part };
    },
    complete: (Parts: CompletedPart[], conditions: object = {}) =>
      s3.client.send(new CompleteMultipartUploadCommand({ ...id, ...conditions, MultipartUpload: { Parts } })),
  };
}
