import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import type { UploadForm } from '@kilat/contracts';
import { aws } from './aws-clients.ts';

export interface UploadRule {
  readonly key: string;
  readonly mediaType: string;
  readonly maxBytes: number;
  readonly seconds: number;
}

/** Forms for uploads of just one key, one type and so many bytes. */
export const uploadForms =
  (Bucket: string) =>
  async ({ key, mediaType, maxBytes, seconds }: UploadRule): Promise<UploadForm> => {
    const { url, fields } = await createPresignedPost(aws.s3, {
      Bucket,
      Key: key,
      Fields: { 'Content-Type': mediaType },
      Conditions: [
        ['content-length-range', 1, maxBytes],
        ['eq', '$Content-Type', mediaType],
      ],
      Expires: seconds,
    });
    return { key, url, fields };
  };
