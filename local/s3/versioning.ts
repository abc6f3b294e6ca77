import { randomBytes } from 'node:crypto';
import { assertWriteConditions } from './conditions.ts';
import type { S3Context } from './context.ts';
import { S3Error } from './errors.ts';
import type { EventName } from './event-record.ts';
import type { S3Request } from './request.ts';
import { type NewVersion, NULL_VERSION, type ObjectVersion, type StoredObject } from './version-store.ts';
import { textOf } from './xml.ts';

export type WriteTarget = Pick<S3Request, 'bucket' | 'key' | 'headers'>;

export type NewObject = Omit<StoredObject, 'modifiedAtMs'>;

/** What a deletion came to. */
export interface Deletion {
  readonly versionId?: string | undefined;
  /** True where a delete marker was made, or was what was deleted. */
  readonly isDeleteMarker: boolean;
}

/**
 * Makes an object the latest version of its key. It neither waits nor yields: what the conditions were held against is
 * what is replaced, however many write the key at once.
 * @throws {S3Error} NoSuchBucket where the bucket went while the bytes came
 * @throws {S3Error} PreconditionFailed
 */
export function commitObject(s3: S3Context, target: WriteTarget, object: NewObject, event: EventName): ObjectVersion {
  const { bucket, key, headers } = target;
  s3.buckets.require(bucket);
  assertWriteConditions(headers, s3.versions.latest(bucket, key));
  const version = addVersion(s3, { ...object, bucket, key, isDeleteMarker: false });
  s3.notify(event, version);
  return version;
}

/** Deletes as a request without a version does: where versions are kept, a marker hides them. */
export function deleteLatest(
  s3: S3Context,
  bucket: string,
  key: string,
  cause: 'ObjectRemoved' | 'LifecycleExpiration' = 'ObjectRemoved',
): Deletion {
  if (isVersioned(s3, bucket)) {
    const marker = addVersion(s3, { ...MARKER, bucket, key });
    s3.notify(`${cause}:DeleteMarkerCreated`, marker);
    return { versionId: marker.versionId, isDeleteMarker: true };
  }
  const version = s3.versions.latest(bucket, key);
  if (version) removeVersion(s3, version, `${cause}:Delete`);
  return { isDeleteMarker: false };
}

/** Deletes one version for good; the one before it is the latest again. */
export function deleteVersion(s3: S3Context, bucket: string, key: string, versionId: string): Deletion {
  const version = s3.versions.byId(bucket, key, versionId);
  if (version) removeVersion(s3, version, 'ObjectRemoved:Delete');
  return { versionId, isDeleteMarker: version?.isDeleteMarker ?? false };
}

/** Removes a version, its bytes with it. */
export function removeVersion(s3: S3Context, version: ObjectVersion, event: EventName): void {
  s3.versions.remove(version);
  s3.blobs.remove(version.parts);
  s3.notify(event, version);
}

/**
 * The version that a request names, or else the latest.
 * @throws {S3Error} NoSuchKey, NoSuchVersion, and MethodNotAllowed for a delete marker that is asked for by its id
 */
export function findVersion(
  s3: S3Context,
  { bucket, key, query }: Pick<S3Request, 'bucket' | 'key' | 'query'>,
): ObjectVersion {
  const versionId = query.get('versionId');
  const version = versionId === null ? s3.versions.latest(bucket, key) : s3.versions.byId(bucket, key, versionId);
  if (!version) {
    throw new S3Error(versionId === null ? 'NoSuchKey' : 'NoSuchVersion', { members: { Key: key } });
  }
  if (version.isDeleteMarker) {
    throw new S3Error(versionId === null ? 'NoSuchKey' : 'MethodNotAllowed', {
      members: { Key: key },
      headers: { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId },
    });
  }
  return version;
}

/** The id to tell of a version: none where the bucket never kept any. */
export function publicVersionId(s3: S3Context, { bucket, versionId }: ObjectVersion): string | undefined {
  return isVersioned(s3, bucket) ? versionId : undefined;
}

const MARKER = { etag: '', sizeBytes: 0, headers: {}, tags: [], parts: [], isDeleteMarker: true };

function addVersion(s3: S3Context, version: Omit<NewVersion, 'versionId' | 'modifiedAtMs'>): ObjectVersion {
  const keepsVersions = versioningStatus(s3, version.bucket) === 'Enabled';
  const versionId = keepsVersions ? randomBytes(24).toString('base64url') : NULL_VERSION;
  const replaced = s3.versions.add({ ...version, versionId, modifiedAtMs: s3.now() });
  if (replaced) s3.blobs.remove(replaced.parts);
  return s3.versions.byId(version.bucket, version.key, versionId)!;
}

/** True once versioning was enabled, also while it is suspended. */
function isVersioned(s3: S3Context, bucket: string): boolean {
  return versioningStatus(s3, bucket) !== undefined;
}

function versioningStatus(s3: S3Context, bucket: string): string | undefined {
  return textOf(s3.buckets.configuration(bucket, 'versioning') ?? {}, 'Status');
}
