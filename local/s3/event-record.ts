import { randomBytes } from 'node:crypto';
import { LOCAL_ACCOUNT } from '../service.ts';
import { formEncode } from './percent-encoding.ts';
import { NULL_VERSION, type ObjectVersion } from './version-store.ts';

export type EventName =
  | `ObjectCreated:${'Put' | 'Post' | 'Copy' | 'CompleteMultipartUpload'}`
  | `ObjectTagging:${'Put' | 'Delete'}`
  | `${'ObjectRemoved' | 'LifecycleExpiration'}:${'Delete' | 'DeleteMarkerCreated'}`;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export interface S3Event {
  readonly Records: readonly S3EventRecord[];
}

export interface S3EventRecord {
  readonly eventVersion: string;
  readonly eventSource: 'aws:s3';
  readonly awsRegion: string;
  readonly eventTime: string;
  readonly eventName: EventName;
  readonly userIdentity: { readonly principalId: string };
  readonly requestParameters: { readonly sourceIPAddress: string };
  readonly responseElements: { readonly 'x-amz-request-id': string; readonly 'x-amz-id-2': string };
  readonly s3: {
    readonly s3SchemaVersion: string;
    readonly configurationId: string;
    readonly bucket: {
      readonly name: string;
      readonly ownerIdentity: { readonly principalId: string };
      readonly arn: string;
    };
    readonly object: {
      /** Encoded as in a form: a space is a `+`. */
      readonly key: string;
      readonly size?: number;
      readonly eTag?: string;
      readonly versionId?: string;
      /** Of two events on one key the later has the greater one; in hex. */
      readonly sequencer: string;
    };
  };
}

/** What happened to a key, whoever is told of it. */
export interface Occurrence {
  readonly name: EventName;
  readonly timeMs: number;
  readonly sequencer: number;
  readonly region: string;
}

/** @param configurationId of the rule that has it told */
export function recordOf(occurrence: Occurrence, version: ObjectVersion, configurationId: string): S3EventRecord {
  const owner = { principalId: LOCAL_ACCOUNT };
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: occurrence.region,
    eventTime: new Date(occurrence.timeMs).toISOString(),
    eventName: occurrence.name,
    userIdentity: owner,
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: {
      'x-amz-request-id': randomBytes(8).toString('hex').toUpperCase(),
      'x-amz-id-2': randomBytes(24).toString('base64'),
    },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: { name: version.bucket, ownerIdentity: owner, arn: `arn:aws:s3:::${version.bucket}` },
      object: objectOf(occurrence, version),
    },
  };
}

function objectOf({ name, sequencer }: Occurrence, version: ObjectVersion): S3EventRecord['s3']['object'] {
  const isCreated = name.startsWith('ObjectCreated');
  return {
    key: formEncode(version.key),
    ...(isCreated ? { size: version.sizeBytes, eTag: version.etag } : {}),
    ...(version.versionId === NULL_VERSION ? {} : { versionId: version.versionId }),
    sequencer: sequencer.toString(16).toUpperCase().padStart(18, '0'),
  };
}
