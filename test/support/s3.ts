import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { type S3Options, type S3Service, startS3 } from '../../local/s3/index.ts';
import { clientConfig, isRemote, serviceUnderTest } from './endpoint.ts';

/** The S3 under test, from before the first case of a file until after its last. */
export interface S3Suite {
  readonly client: S3Client;
  readonly url: string;
  /** Undefined where the cases run against another endpoint. */
  readonly local: S3Service | undefined;
  /** Where the local one keeps its files. */
  readonly dir: string;
  /** Creates a bucket of a name that nobody has. */
  newBucket(): Promise<string>;
  put(bucket: string, key: string, body: string, more?: Partial<PutObjectCommandInput>): Promise<void>;
  /** The body of an object, as text. */
  read(bucket: string, key: string, versionId?: string): Promise<string>;
}

/** Starts the S3 under test for the cases of a file. */
export function useS3(options: Omit<S3Options, 'dir'> = {}): S3Suite {
  const suite = {} as { -readonly [Member in keyof S3Suite]: S3Suite[Member] } & { close(): Promise<void> };
  const buckets: string[] = [];
  beforeAll(async () => {
    suite.dir = await mkdtemp(join(tmpdir(), 'kilat-s3-'));
    Object.assign(suite, await serviceUnderTest(() => startS3({ dir: suite.dir, ...options })));
    // Path style, or a remote endpoint on `localhost` would be asked for `bucket.localhost`.
    suite.client = new S3Client({ ...clientConfig(suite.url), forcePathStyle: true });
  });
  afterAll(async () => {
    if (isRemote) for (const bucket of buckets) await removeBucket(suite.client, bucket);
    suite.client.destroy();
    await suite.close();
    await rm(suite.dir, { recursive: true, force: true });
  });
  suite.newBucket = async () => {
    const name = newBucketName();
    await suite.client.send(new CreateBucketCommand({ Bucket: name }));
    buckets.push(name);
    return name;
  };
  suite.put = async (Bucket, Key, Body, more = {}) => {
    await suite.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  };
  suite.read = async (Bucket, Key, VersionId) => {
    const { Body } = await suite.client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    return Body!.transformToString();
  };
  return suite;
}

export const newBucketName = (): string => `kilat-${randomUUID()}`;

/** The code and the status of a refusal; fails where there is none. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: string; status: number }> {
  try {
    await call;
  } catch (error) {
    const refusal = error as { name: string; $metadata?: { httpStatusCode: number } };
    if (!refusal.$metadata) throw error;
    return { code: refusal.name, status: refusal.$metadata.httpStatusCode };
  }
  throw new Error('the request was not refused');
}

/** The same of a bare HTTP answer, whose document names the code. */
export async function refusalIn(response: Response): Promise<{ code: string | undefined; status: number }> {
  const code = /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1];
  return { code, status: response.status };
}

async function removeBucket(client: S3Client, Bucket: string): Promise<void> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) {
    await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  }
  await client.send(new DeleteBucketCommand({ Bucket })).catch(() => {}); // the case may have deleted it
}
