import * as z from 'zod';
import { imageMediaTypes } from './image.ts';
import { limits } from './limits.ts';

/** What may be uploaded: photos, manifests of jobs, tables, and by admins the files of a model. */
export const uploadExtensions = {
  ...(Object.fromEntries(imageMediaTypes.map((type) => [type, type.slice('image/'.length)])) as Record<
    (typeof imageMediaTypes)[number],
    string
  >),
  'application/x-ndjson': 'ndjson',
  'text/csv': 'csv',
  'application/json': 'json',
  'application/vnd.apache.parquet': 'parquet',
  'application/octet-stream': 'onnx',
} as const;
export type UploadMediaType = keyof typeof uploadExtensions;

const uploadMediaTypes = Object.keys(uploadExtensions) as [UploadMediaType, ...UploadMediaType[]];

export const uploadsRequestSchema = z
  .strictObject({
    media_type: z.enum(uploadMediaTypes).default('image/jpeg'),
    count: z.int().min(1).max(limits.uploads.maxForms).default(1),
  })
  .meta({ id: 'UploadsRequest' });
export type UploadsRequest = z.infer<typeof uploadsRequestSchema>;

export const uploadFormSchema = z
  .object({
    key: z.string().meta({ description: 'names the object in a job' }),
    url: z.url(),
    fields: z.record(z.string(), z.string()).meta({ description: 'of the form, before its last field, `file`' }),
  })
  .meta({ id: 'UploadForm' });
export type UploadForm = z.infer<typeof uploadFormSchema>;

export const uploadsSchema = z
  .object({ uploads: z.array(uploadFormSchema), max_bytes: z.int(), expires_at: z.iso.datetime() })
  .meta({ id: 'Uploads', description: 'forms for multipart POST requests, one a file' });
export type Uploads = z.infer<typeof uploadsSchema>;
