import { HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { PhotoStore } from '@kilat/core';
import { aws } from './aws-clients.ts';

/** Photos in S3, as they came: `<tenant>/<user>/<prediction id>.<format>`. */
export const photoStore = (bucket: string): PhotoStore => ({
  keyOf: ({ tenantId, userId }, predictionId, { mediaType }) =>
    `${tenantId}/${userId}/${predictionId}.${mediaType.slice('image/'.length)}`,

  async put(key, { bytes, mediaType }) {
    await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: mediaType }));
  },

  async check() {
    await aws.s3.send(new HeadBucketCommand({ Bucket: bucket }));
  },
});
