import {
  type Identity,
  limits,
  type UploadForm,
  type UploadMediaType,
  type Uploads,
  type UploadsRequest,
  uploadExtensions,
} from '@kilat/contracts';
import { uploadFolder } from './jobs/tenant-keys.ts';
import { assertAdmin } from './tenancy.ts';

export interface UploadPorts {
  readonly newId: () => string;
  /** epoch milliseconds */
  readonly now: () => number;
  readonly form: (rule: {
    readonly key: string;
    readonly mediaType: UploadMediaType;
    readonly maxBytes: number;
    readonly seconds: number;
  }) => Promise<UploadForm>;
}

/**
 * Forms through which a caller uploads into a folder of its own, under names that are made here.
 * @throws {ForbiddenError} when weights are to be uploaded by anybody but an admin
 */
export async function createUploads(
  { newId, now, form }: UploadPorts,
  identity: Identity,
  { media_type: mediaType, count }: UploadsRequest,
): Promise<Uploads> {
  const seconds = limits.uploads.formSeconds;
  const maxBytes = maxBytesOf(mediaType);
  if (mediaType === WEIGHTS) assertAdmin(identity);
  const keyOfNew = (): string => `${uploadFolder(identity)}${newId()}.${uploadExtensions[mediaType]}`;
  const forms = Array.from({ length: count }, () => form({ key: keyOfNew(), mediaType, maxBytes, seconds }));
  return {
    uploads: await Promise.all(forms),
    max_bytes: maxBytes,
    expires_at: new Date(now() + seconds * 1000).toISOString(),
  };
}

const WEIGHTS = 'application/octet-stream' satisfies UploadMediaType;

function maxBytesOf(mediaType: UploadMediaType): number {
  if (mediaType === WEIGHTS) return limits.registry.maxWeightsBytes;
  return mediaType.startsWith('image/') ? limits.maxImageBytes : limits.jobs.maxManifestBytes;
}
