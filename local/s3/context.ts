import type { Iam, Keyring } from '../iam/index.ts';
import type { Clock } from '../service.ts';
import type { BlobStore } from './blob-store.ts';
import type { BucketStore } from './bucket-store.ts';
import type { Notify } from './notifications.ts';
import type { S3Request } from './request.ts';
import type { S3Response } from './response.ts';
import type { UploadStore } from './upload-store.ts';
import type { VersionStore } from './version-store.ts';

/** What the operations work on. */
export interface S3Context {
  readonly buckets: BucketStore;
  readonly versions: VersionStore;
  readonly uploads: UploadStore;
  readonly blobs: BlobStore;
  readonly now: Clock;
  readonly notify: Notify;
  /** Whose access keys there are. */
  readonly keys: Keyring;
  /** Decides who may do what; without it, everybody may do everything. */
  readonly iam: Iam | undefined;
}

export type Operation = (request: S3Request, s3: S3Context) => S3Response | Promise<S3Response>;

/** Which requests an operation serves. */
export interface Route {
  readonly method: string;
  readonly scope: 'service' | 'bucket' | 'object';
  /** The parameter of the query that makes the request this one. */
  readonly query?: string;
  /** The header that does. */
  readonly header?: string;
  /** The name by which AWS documents it. */
  readonly operation: string;
  readonly run: Operation;
}
