import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { ImageTooLargeError, type ObjectStore, type ReadOptions } from '@kilat/core';
import { aws } from './aws-clients.ts';

/** A bucket of S3. */
export const objectStore = (bucket: string): ObjectStore => ({
  async read(key, options = {}) {
    const answer = await getObject(bucket, key, options);
    if (!answer) return undefined;
    const { maxBytes = Number.POSITIVE_INFINITY } = options;
    if (answer.ContentLength! > maxBytes) {
      (answer.Body as { destroy?(): void }).destroy?.();
      throw new ImageTooLargeError(maxBytes);
    }
    return { bytes: await answer.Body!.transformToByteArray(), modifiedAtMs: answer.LastModified!.getTime() };
  },

  async write(Key, Body, ContentType) {
    await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType }));
  },

  async writeOnce(Key, Body, ContentType) {
    try {
      await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType, IfNoneMatch: '*' }));
      return Body;
    } catch (error) {
      if (!isConditionFailure(error)) throw error;
      const first = await aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return first.Body!.transformToString();
    }
  },

  async *list(Prefix) {
    let ContinuationToken: string | undefined;
    do {
      const page = await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, ContinuationToken }));
      for (const { Key } of page.Contents ?? []) yield Key!;
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
  },

  async copy({ key, versionId, target }) {
    const source = encodeURIComponent(`${bucket}/${key}`) + (versionId ? `?versionId=${versionId}` : '');
    // Tags are left behind: copying them asks for rights of its own.
    const TaggingDirective = 'REPLACE';
    await aws.s3.send(new CopyObjectCommand({ Bucket: bucket, Key: target, CopySource: source, TaggingDirective }));
  },

  async remove(Key, VersionId) {
    await aws.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId }));
  },

  async versionOf(Key) {
    try {
      return (await aws.s3.send(new HeadObjectCommand({ Bucket: bucket, Key }))).VersionId;
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  },

  link: (Key, seconds) => getSignedUrl(aws.s3, new GetObjectCommand({ Bucket: bucket, Key }), { expiresIn: seconds }),
});

async function getObject(
  Bucket: string,
  Key: string,
  { versionId, range }: ReadOptions,
): Promise<GetObjectCommandOutput | undefined> {
  const Range = range && `bytes=${range[0]}-${range[1] - 1}`;
  try {
    return await aws.s3.send(new GetObjectCommand({ Bucket, Key, VersionId: versionId, Range }));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof NoSuchKey || (error instanceof S3ServiceException && error.name === 'NoSuchVersion');

/** 412. Where another writes at this very moment S3 says 409: that fails, and whoever asked comes again. */
const isConditionFailure = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.name === 'PreconditionFailed';
