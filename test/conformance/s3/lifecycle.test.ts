import {
  CreateMultipartUploadCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  HeadObjectCommand,
  type LifecycleRule,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import { refusalOf, useS3 } from '../../support/s3.ts';

/** The example of the S3 user guide: written then, expiring after three days, an object goes on 19 January. */
const WRITTEN = '2014-01-15T10:30:00Z';

const events: string[] = [];
let nowMs = Date.parse(WRITTEN);
const s3 = useS3({
  now: () => nowMs,
  onEvent: (_destination, { Records }) => {
    events.push(Records[0]!.eventName);
  },
});

let bucket: string;
beforeEach(async () => {
  nowMs = Date.parse(WRITTEN);
  bucket = await s3.newBucket();
});

const setRules = (...Rules: LifecycleRule[]) =>
  s3.client.send(new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } }));

const aRule = (rule: Partial<LifecycleRule>): LifecycleRule => ({
  ID: 'rule',
  Status: 'Enabled',
  Filter: { Prefix: '' },
  ...rule,
});

function sweepAt(instant: string): void {
  nowMs = Date.parse(instant);
  s3.local?.applyLifecycle();
}

async function keys(): Promise<(string | undefined)[]> {
  const { Contents = [] } = await s3.client.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key }) => Key);
}

describe('the lifecycle configuration of a bucket', () => {
  it('is given back as it was put, until it is deleted', async () => {
    const rule = aRule({
      Filter: { And: { Prefix: 'tmp/', Tags: [{ Key: 'a', Value: 'b' }] } },
      Expiration: { Days: 1 },
    });
    await setRules(rule);

    const { Rules } = await s3.client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
    await s3.client.send(new DeleteBucketLifecycleCommand({ Bucket: bucket }));
    const refusal = await refusalOf(s3.client.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket })));

    expect(Rules).toEqual([rule]);
    expect(refusal).toEqual({ code: 'NoSuchLifecycleConfiguration', status: 404 });
  });

  it('refuses to let objects expire after no days', async () => {
    const refusal = await refusalOf(setRules(aRule({ Expiration: { Days: 0 } })));

    expect(refusal.status).toBe(400);
  });
});

describe.skipIf(isRemote)('expiration', () => {
  it('comes at the midnight (UTC) after the days have passed', async () => {
    await setRules(aRule({ Expiration: { Days: 3 } }));
    await s3.put(bucket, 'key', 'x');

    sweepAt('2014-01-18T23:59:59Z');
    const before = await keys();
    sweepAt('2014-01-19T00:00:00Z');

    expect(before).toEqual(['key']);
    expect(await keys()).toEqual([]);
  });

  it('is announced with the object', async () => {
    await setRules(aRule({ ID: 'three days', Expiration: { Days: 3 } }));
    await s3.put(bucket, 'key', 'x');

    const { Expiration } = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'key' }));

    expect(Expiration).toBe('expiry-date="Sun, 19 Jan 2014 00:00:00 GMT", rule-id="three%20days"');
  });

  it('spares what no rule in force covers', async () => {
    await setRules(
      aRule({ ID: '1', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 1 } }),
      aRule({ ID: '2', Filter: { Tag: { Key: 'keep', Value: 'no' } }, Expiration: { Days: 1 } }),
      aRule({ ID: '3', Filter: { ObjectSizeGreaterThan: 5 }, Expiration: { Days: 1 } }),
      aRule({ ID: '4', Status: 'Disabled', Expiration: { Days: 1 } }),
    );
    await s3.put(bucket, 'tmp/a', 'x');
    await s3.put(bucket, 'tagged', 'x', { Tagging: 'keep=no' });
    await s3.put(bucket, 'large', '123456');
    await s3.put(bucket, 'kept', '12345', { Tagging: 'keep=yes' });

    sweepAt('2014-02-01T00:00:00Z');

    expect(await keys()).toEqual(['kept']);
  });

  it('is told of', async () => {
    const QueueArn = 'arn:aws:sqs:us-east-1:000000000000:expired';
    const QueueConfigurations = [{ QueueArn, Events: ['s3:LifecycleExpiration:*' as const] }];
    const NotificationConfiguration = { QueueConfigurations };
    await s3.client.send(new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration }));
    await setRules(aRule({ Expiration: { Days: 1 } }));
    await s3.put(bucket, 'key', 'x');

    sweepAt('2014-02-01T00:00:00Z');

    expect(events).toEqual(['LifecycleExpiration:Delete']);
  });

  it('ends uploads in parts that nobody completed', async () => {
    await setRules(aRule({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }));
    await s3.client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'key' }));

    sweepAt('2014-01-17T00:00:00Z');

    const { Uploads = [] } = await s3.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads).toEqual([]);
  });
});

describe.skipIf(isRemote)('expiration of versions', () => {
  const history = async () => {
    const { Versions = [], DeleteMarkers = [] } = await s3.client.send(
      new ListObjectVersionsCommand({ Bucket: bucket }),
    );
    return { versions: Versions.length, markers: DeleteMarkers.length };
  };

  beforeEach(async () => {
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await s3.client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
  });

  it('hides the current version behind a delete marker', async () => {
    await setRules(aRule({ Expiration: { Days: 1 } }));
    await s3.put(bucket, 'key', 'x');

    sweepAt('2014-01-17T00:00:00Z');

    expect(await history()).toEqual({ versions: 1, markers: 1 });
  });

  it('counts the days of a noncurrent version from when it was replaced', async () => {
    await setRules(aRule({ NoncurrentVersionExpiration: { NoncurrentDays: 1 } }));
    await s3.put(bucket, 'key', '1');
    nowMs = Date.parse('2014-03-01T10:00:00Z');
    await s3.put(bucket, 'key', '2');

    sweepAt('2014-03-02T23:00:00Z');
    const before = await history();
    sweepAt('2014-03-03T00:00:00Z');

    expect(before).toEqual({ versions: 2, markers: 0 });
    expect(await history()).toEqual({ versions: 1, markers: 0 });
    expect(await s3.read(bucket, 'key')).toBe('2');
  });

  it('keeps as many noncurrent versions as the rule says', async () => {
    await setRules(aRule({ NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } }));
    for (const body of ['1', '2', '3', '4', '5']) await s3.put(bucket, 'key', body);

    sweepAt('2014-02-01T00:00:00Z');

    expect(await history()).toEqual({ versions: 3, markers: 0 });
  });

  it('removes a delete marker that hides nothing any more', async () => {
    await setRules(
      aRule({
        Expiration: { ExpiredObjectDeleteMarker: true },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      }),
    );
    await s3.put(bucket, 'key', '1');
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'key' }));

    sweepAt('2014-02-01T00:00:00Z');
    const first = await history();
    sweepAt('2014-02-02T00:00:00Z');

    expect(first).toEqual({ versions: 0, markers: 1 });
    expect(await history()).toEqual({ versions: 0, markers: 0 });
  });
});
