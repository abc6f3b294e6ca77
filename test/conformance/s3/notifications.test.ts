import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  type Event,
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Destination, S3Event } from '../../../local/s3/index.ts';
import { isRemote } from '../../support/endpoint.ts';
import { refusalOf, useS3 } from '../../support/s3.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:jobs';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:classify';

const delivered: { destination: Destination; event: S3Event }[] = [];
const faults: unknown[] = [];
const s3 = useS3({
  now: () => Date.parse('2026-02-03T04:05:06.789Z'),
  onEvent: (destination, event) => {
    delivered.push({ destination, event });
    if (destination.arn.endsWith(':broken')) throw new Error('the queue is broken');
  },
  onFault: (error) => faults.push(error),
});

let bucket: string;
beforeEach(async () => {
  bucket = await s3.newBucket();
  delivered.length = 0;
});

const configure = (configuration: NotificationConfiguration) =>
  s3.client.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: bucket,
      NotificationConfiguration: configuration,
      SkipDestinationValidation: true,
    }),
  );

const toQueue = (Events: Event[], FilterRules: { Name: 'prefix' | 'suffix'; Value: string }[] = []) =>
  configure({ QueueConfigurations: [{ Id: 'rule', QueueArn: QUEUE, Events, Filter: { Key: { FilterRules } } }] });

const eventNames = () => delivered.map(({ event }) => event.Records[0]!.eventName);

describe('the notification configuration of a bucket', () => {
  it('is empty at first', async () => {
    const configuration = await s3.client.send(new GetBucketNotificationConfigurationCommand({ Bucket: bucket }));

    expect(configuration.QueueConfigurations ?? []).toEqual([]);
  });

  it('is given back as it was put', async () => {
    const Filter = { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'in/' }] } };
    const rule = { Id: 'rule', LambdaFunctionArn: FUNCTION, Events: ['s3:ObjectCreated:*' as const], Filter };
    await configure({ LambdaFunctionConfigurations: [rule] });

    const configuration = await s3.client.send(new GetBucketNotificationConfigurationCommand({ Bucket: bucket }));

    expect(configuration.LambdaFunctionConfigurations).toMatchObject([
      { ...rule, Filter: { Key: { FilterRules: [{ Value: 'in/' }] } } },
    ]);
  });

  it('refuses what is no ARN of a queue', async () => {
    const refusal = await refusalOf(
      configure({ QueueConfigurations: [{ QueueArn: 'jobs', Events: ['s3:ObjectCreated:*'] }] }),
    );

    expect(refusal).toEqual({ code: 'InvalidArgument', status: 400 });
  });

  it('refuses an event that S3 has not', async () => {
    const refusal = await refusalOf(
      configure({ QueueConfigurations: [{ QueueArn: QUEUE, Events: ['s3:ObjectRead:*' as Event] }] }),
    );

    expect(refusal).toEqual({ code: 'InvalidArgument', status: 400 });
  });
});

describe.skipIf(isRemote)('notifications', () => {
  it('tells of an upload in the record that S3 documents', async () => {
    await toQueue(['s3:ObjectCreated:*']);

    await s3.put(bucket, 'in/a b+é.json', 'hello');

    expect(delivered).toEqual([
      {
        destination: { type: 'queue', arn: QUEUE },
        event: {
          Records: [
            {
              eventVersion: '2.1',
              eventSource: 'aws:s3',
              awsRegion: 'us-east-1',
              eventTime: '2026-02-03T04:05:06.789Z',
              eventName: 'ObjectCreated:Put',
              userIdentity: { principalId: expect.any(String) },
              requestParameters: { sourceIPAddress: '127.0.0.1' },
              responseElements: { 'x-amz-request-id': expect.any(String), 'x-amz-id-2': expect.any(String) },
              s3: {
                s3SchemaVersion: '1.0',
                configurationId: 'rule',
                bucket: {
                  name: bucket,
                  ownerIdentity: { principalId: expect.any(String) },
                  arn: `arn:aws:s3:::${bucket}`,
                },
                object: {
                  key: 'in/a+b%2B%C3%A9.json',
                  size: 5,
                  eTag: '5d41402abc4b2a76b9719d911017c592',
                  sequencer: expect.stringMatching(/^[0-9A-F]+$/),
                },
              },
            },
          ],
        },
      },
    ]);
  });

  it('tells only of keys that the filter lets through', async () => {
    await toQueue(
      ['s3:ObjectCreated:*'],
      [
        { Name: 'prefix', Value: 'in/' },
        { Name: 'suffix', Value: '.json' },
      ],
    );

    for (const key of ['in/a.json', 'in/a.csv', 'out/a.json']) await s3.put(bucket, key, 'x');

    expect(delivered.map(({ event }) => event.Records[0]!.s3.object.key)).toEqual(['in/a.json']);
  });

  it('tells only of the events that the rule names', async () => {
    await toQueue(['s3:ObjectCreated:Copy', 's3:ObjectRemoved:Delete']);

    await s3.put(bucket, 'a', 'x');
    await s3.client.send(new CopyObjectCommand({ Bucket: bucket, Key: 'b', CopySource: `${bucket}/a` }));
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'a' }));

    expect(eventNames()).toEqual(['ObjectCreated:Copy', 'ObjectRemoved:Delete']);
  });

  it('tells of an upload in parts once it is complete', async () => {
    await toQueue(['s3:ObjectCreated:*']);
    const target = { Bucket: bucket, Key: 'parts' };
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand(target));
    const part = { ...target, UploadId, PartNumber: 1, Body: 'x' };
    const { ETag } = await s3.client.send(new UploadPartCommand(part));
    const complete = { ...target, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
    await s3.client.send(new CompleteMultipartUploadCommand(complete));

    expect(eventNames()).toEqual(['ObjectCreated:CompleteMultipartUpload']);
  });

  it('tells every rule that covers the key', async () => {
    await configure({
      QueueConfigurations: [{ QueueArn: QUEUE, Events: ['s3:ObjectCreated:*'] }],
      LambdaFunctionConfigurations: [{ LambdaFunctionArn: FUNCTION, Events: ['s3:ObjectCreated:Put'] }],
    });

    await s3.put(bucket, 'key', 'x');

    expect(delivered.map(({ destination }) => destination)).toEqual([
      { type: 'queue', arn: QUEUE },
      { type: 'lambda', arn: FUNCTION },
    ]);
  });

  it('names the version where the bucket keeps any, and orders events by their sequencers', async () => {
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await s3.client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    await toQueue(['s3:ObjectCreated:*', 's3:ObjectRemoved:*']);

    const written = await s3.client.send(new PutObjectCommand({ Bucket: bucket, Key: 'key', Body: 'x' }));
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'key' }));

    const [created, removed] = delivered.map(({ event }) => event.Records[0]!.s3.object);
    expect(eventNames()).toEqual(['ObjectCreated:Put', 'ObjectRemoved:DeleteMarkerCreated']);
    expect(created?.versionId).toBe(written.VersionId);
    expect(removed!.sequencer > created!.sequencer).toBe(true);
  });

  it('tells of nothing where a write is refused', async () => {
    await s3.put(bucket, 'key', 'x');
    await toQueue(['s3:ObjectCreated:*']);

    await refusalOf(s3.put(bucket, 'key', 'y', { IfNoneMatch: '*' }));

    expect(delivered).toEqual([]);
  });

  it('does not let a delivery that fails spoil the upload', async () => {
    await configure({ QueueConfigurations: [{ QueueArn: `${QUEUE}:broken`, Events: ['s3:ObjectCreated:*'] }] });

    await s3.put(bucket, 'key', 'x');

    expect(await s3.read(bucket, 'key')).toBe('x');
    expect(faults).toEqual([new Error('the queue is broken')]);
  });
});
