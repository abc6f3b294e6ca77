import { request } from 'node:http';
import { Readable } from 'node:stream';
import { ChecksumAlgorithm, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeAwsChunked } from '../../../local/s3/aws-chunked.ts';
import { isRemote } from '../../support/endpoint.ts';
import { refusalOf, useS3 } from '../../support/s3.ts';

/** The check values that the catalogue of CRCs, and FIPS 180 for SHA, give for these nine digits. */
const DIGITS = '123456789';
const CHECKSUMS = [
  { algorithm: ChecksumAlgorithm.CRC32, member: 'ChecksumCRC32', value: 'y/Q5Jg==' }, // cbf43926
  { algorithm: ChecksumAlgorithm.CRC32C, member: 'ChecksumCRC32C', value: '4waSgw==' }, // e3069283
  { algorithm: ChecksumAlgorithm.SHA1, member: 'ChecksumSHA1', value: '98O8HYCOBHMq32eZZczDTKeuNEE=' },
  {
    algorithm: ChecksumAlgorithm.SHA256,
    member: 'ChecksumSHA256',
    value: 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
  },
] as const;

const s3 = useS3();
let bucket: string;
beforeAll(async () => {
  bucket = await s3.newBucket();
});

describe('checksums', () => {
  it.each(CHECKSUMS)('computes and keeps $algorithm', async ({ algorithm, member, value }) => {
    const Key = `asked/${algorithm}`;

    const written = await s3.client.send(
      new PutObjectCommand({ Bucket: bucket, Key, Body: DIGITS, ChecksumAlgorithm: algorithm }),
    );
    const head = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key, ChecksumMode: 'ENABLED' }));

    expect(written[member]).toBe(value);
    expect(head[member]).toBe(value);
  });

  it.each([...CHECKSUMS, { algorithm: 'CRC64NVME', member: 'ChecksumCRC64NVME', value: 'rosUhgp5mIg=' }])(
    'takes the right $algorithm and refuses a wrong one',
    async ({ algorithm, member, value }) => {
      await s3.put(bucket, `given/${algorithm}`, DIGITS, { [member]: value });

      const refusal = await refusalOf(s3.put(bucket, `wrong/${algorithm}`, '987654321', { [member]: value }));

      expect(refusal).toEqual({ code: 'BadDigest', status: 400 });
      await expect(s3.read(bucket, `wrong/${algorithm}`)).rejects.toThrow();
    },
  );

  it('takes the right Content-MD5 and refuses a wrong one', async () => {
    const ContentMD5 = 'JfnnlDI7RTiF9RgfG2JNCw=='; // of the nine digits
    await s3.put(bucket, 'md5', DIGITS, { ContentMD5 });

    const wrong = await refusalOf(s3.put(bucket, 'wrong-md5', '987654321', { ContentMD5 }));
    const invalid = await refusalOf(s3.put(bucket, 'wrong-md5', DIGITS, { ContentMD5: 'bm90IG1kNQ==' }));

    expect(wrong).toEqual({ code: 'BadDigest', status: 400 });
    expect(invalid).toEqual({ code: 'InvalidDigest', status: 400 });
  });
});

describe('streamed bodies', () => {
  it('unwraps a stream that comes in chunks, its checksum behind it', async () => {
    const pieces = ['a'.repeat(70_000), 'b', '\r\n', 'c'.repeat(200_000)];
    const ContentLength = 270_003;

    await s3.client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: 'stream',
        Body: Readable.from(pieces, { objectMode: false }),
        ContentLength,
      }),
    );

    const object = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'stream' }));
    expect(await object.Body!.transformToString()).toBe(pieces.join(''));
    expect(object.ContentEncoding).toBeUndefined();
  });

  const chunked = { 'content-encoding': 'aws-chunked', 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' };
  const trailer = { ...chunked, 'x-amz-trailer': 'x-amz-checksum-crc32', 'x-amz-decoded-content-length': '9' };

  it('refuses a stream whose trailer belies it', async () => {
    const answer = await putRaw('trailer', trailer, '9\r\n987654321\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n');

    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('<Code>BadDigest</Code>') });
  });

  it('takes a stream whose chunks are signed', async () => {
    const signature = `chunk-signature=${'0'.repeat(64)}`;
    const headers = {
      ...chunked,
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'x-amz-decoded-content-length': '9',
    };

    const answer = await putRaw(
      'signed',
      headers,
      `4;${signature}\r\n1234\r\n5;${signature}\r\n56789\r\n0;${signature}\r\n\r\n`,
    );

    expect(answer.status).toBe(200);
    expect(await s3.read(bucket, 'signed')).toBe(DIGITS);
  });

  it.each([
    ['is shorter than it says', '9\r\n12345'],
    ['has no chunks', 'hello'],
    ['is not of the announced length', '3\r\n123\r\n0\r\n\r\n'],
  ])('refuses a stream that %s', async (_what, body) => {
    const answer = await putRaw('broken', trailer, body);

    expect(answer.status).toBe(400);
    await expect(s3.read(bucket, 'broken')).rejects.toThrow();
  });

  it.skipIf(isRemote)('unwraps chunks wherever the network cuts them', async () => {
    const wire = Buffer.from('4\r\n1234\r\n5;x=y\r\n56789\r\n0\r\nX-Amz-Checksum-Crc32: y/Q5Jg==\r\n\r\n');

    for (let cut = 1; cut < wire.length; cut++) {
      const trailers: Record<string, string> = {};
      const pieces = Readable.from([wire.subarray(0, cut), wire.subarray(cut)]);
      const decoded = await Array.fromAsync(decodeAwsChunked(pieces, trailers));

      expect(Buffer.concat(decoded).toString()).toBe(DIGITS);
      expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'y/Q5Jg==' });
    }
  });
});

/** A PUT as no SDK would send it. */
function putRaw(key: string, headers: Record<string, string>, body: string): Promise<{ status: number; body: string }> {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=LOCALACCESSKEY/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';
  return new Promise((resolve, reject) => {
    const put = request(`${s3.url}/${bucket}/${key}`, { method: 'PUT', headers: { authorization, ...headers } });
    put.on('error', reject).on('response', async (response) => {
      const chunks = await Array.fromAsync(response);
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
    });
    put.end(body);
  });
}
