import { paginateListBuckets, S3Client } from '@aws-sdk/client-s3';
import { inRegion } from '../aws/region.ts';
import { LOCAL_STAGE } from '../connection/connect.ts';
import { findStacks } from '../connection/find-stage.ts';
import { localClientConfig } from '../connection/local-connection.ts';
import { outputOf } from '../connection/stage-outputs.ts';
import { CliError } from '../errors.ts';

/** A stage's inbox bucket, and a client that reaches it. */
export interface Inbox {
  readonly client: S3Client;
  readonly bucket: string;
}

export interface InboxOptions {
  readonly stage: string;
  readonly data: string;
  readonly region?: string | undefined;
}

/** @throws {CliError} when the stage has none that these credentials can see */
export const openInbox = ({ stage, data, region }: InboxOptions): Promise<Inbox> =>
  stage === LOCAL_STAGE ? localInbox(data) : deployedInbox(stage, region);

async function deployedInbox(stage: string, region?: string): Promise<Inbox> {
  const found = await findStacks(stage, region);
  return { client: new S3Client(inRegion(found.region)), bucket: outputOf(stage, found, 'InboxBucket') };
}

/** The local cloud has no stacks to ask. */
async function localInbox(dataDir: string): Promise<Inbox> {
  const client = new S3Client(localClientConfig(dataDir, 's3'));
  for await (const { Buckets = [] } of paginateListBuckets({ client }, { Prefix: 'kilat-local-' })) {
    const found = Buckets.find(({ Name }) => Name?.includes('inbox'));
    if (found) return { client, bucket: found.Name! };
  }
  throw new CliError('the local cloud has no inbox bucket; start it anew with npm start');
}
