import { HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Photo, PhotoStore } from '@kilat/core';
import { aws } from './aws-clients.ts';
import { asPhoto } from './image-decoder.ts';
import { objectStore } from './object-store.ts';

export interface PhotoReader {
  /** @returns undefined when it is not there */
  read(key: string): Promise<Photo | undefined>;
}

/** Photos in S3, as they came: `<tenant>/<user>/<prediction id>.<format>`. */
export const photoStore = (bucket: string): PhotoStore & PhotoReader => ({
  keyOf: ({ tenantId, userId }, predictionId, { mediaType }) =>
    `${tenantId}/${userId}/${predictionId}.${mediaType.slice('image/'.length)}`,

  async put(key, { bytes, mediaType }) {
    await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: mediaType }));
  },

  async read(key) {
    const stored = await objectStore(bucket).read(key);
    return stored && asPhoto(stored.bytes);
  },

  async check() {
    await aws.s3.send(new HeadBucketCommand({ Bucket: bucket }));
  },
});
