import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, NotFound } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ModelFiles, Uploads } from '@kilat/core';
import { aws } from './aws-clients.ts';
import { objectStore } from './object-store.ts';

/** How long a verifying function has to begin reading the weights. */
const LINK_SECONDS = 300;

export const uploadedFiles = (Bucket: string): Uploads => ({
  async pin(key) {
    try {
      const { VersionId: versionId } = await aws.s3.send(new HeadObjectCommand({ Bucket, Key: key }));
      return { key, versionId };
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  },

  async read({ key, versionId }, maxBytes) {
    const object = await objectStore(Bucket).read(key, { versionId, maxBytes });
    return object!.bytes;
  },

  link: ({ key, versionId }) =>
    getSignedUrl(aws.s3, new GetObjectCommand({ Bucket, Key: key, VersionId: versionId }), { expiresIn: LINK_SECONDS }),
});

export interface ModelBuckets {
  readonly inbox: string;
  readonly models: string;
}

export const modelFileStore = ({ inbox, models }: ModelBuckets): ModelFiles => ({
  write: (key, content, mediaType) => objectStore(models).write(key, content, mediaType),

  async take({ key, versionId }, target) {
    const source = encodeURIComponent(`${inbox}/${key}`) + (versionId ? `?versionId=${versionId}` : '');
    await aws.s3.send(new CopyObjectCommand({ Bucket: models, Key: target, CopySource: source }));
  },
});
