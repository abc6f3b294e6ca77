import { jobsTable } from '@kilat/contracts';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { aStage, functionOf, statementsOf, synthesised } from '../support/synth.ts';

const stage = aStage('staging', { batchTimeoutSeconds: 100, batchConcurrency: 7, jobRetentionDays: 12 });
const templates = synthesised(stage);
const { storage, jobs } = templates;

const mappings = Object.values(jobs.findResources('AWS::Lambda::EventSourceMapping')).map(
  ({ Properties }) => Properties,
);

describe('the batch queue', () => {
  it('keeps a message from others for longer than the worker may take', () => {
    expect(functionOf(templates, 'batch').Timeout).toBe(100);
    storage.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 600 });
  });

  it('takes a message aside after three receives, and raises an alarm', () => {
    const [id] = Object.keys(storage.findResources('AWS::SQS::Queue')).filter((name) => name.startsWith('BatchesDead'));

    storage.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [id, 'Arn'] }, maxReceiveCount: 3 },
    });
    storage.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [id, 'QueueName'] } }],
    });
  });

  it('feeds as many workers at a time as the stage says', () => {
    expect(mappings.map(({ ScalingConfig }) => ScalingConfig?.MaximumConcurrency)).toContain(7);
  });

  it('hears of photos dropped under inbox/, and of nothing else', () => {
    storage.hasResourceProperties('Custom::S3BucketNotifications', {
      NotificationConfiguration: {
        QueueConfigurations: [
          Match.objectLike({
            Events: ['s3:ObjectCreated:*'],
            Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'inbox/' }] } },
          }),
        ],
      },
    });
  });
});

it('has each function name the messages that failed', () => {
  expect(mappings.map(({ FunctionResponseTypes }) => FunctionResponseTypes)).toEqual(
    Array(2).fill(['ReportBatchItemFailures']),
  );
});

it('runs batch from the image of predict, by a handler of its own', () => {
  const imageOf = (name: 'predict' | 'batch') => functionOf(templates, name);

  expect(imageOf('batch').ImageConfig?.Command).toEqual(['batch.handler']);
  expect(imageOf('batch').Code).toEqual(imageOf('predict').Code);
});

it('gives jobs the keys that the contracts name', () => {
  const { partitionKey, sortKey, timeToLive, byOwner, byTenant } = jobsTable;

  storage.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    KeySchema: [
      { AttributeName: partitionKey, KeyType: 'HASH' },
      { AttributeName: sortKey, KeyType: 'RANGE' },
    ],
    TimeToLiveSpecification: { AttributeName: timeToLive, Enabled: true },
    GlobalSecondaryIndexes: [byOwner, byTenant].map(({ indexName }) => Match.objectLike({ IndexName: indexName })),
  });
});

it('forgets what jobs were made of when the stage says so', () => {
  storage.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: [Match.objectLike({ Id: 'forget-jobs', ExpirationInDays: 12 })] },
  });
});

it('lets job-control put events on the bus of the stage', () => {
  const [bus] = Object.keys(jobs.findResources('AWS::Events::EventBus'));

  expect(statementsOf(templates, 'job-control')).toContainEqual({
    Effect: 'Allow',
    Action: 'events:PutEvents',
    Resource: { 'Fn::GetAtt': [bus, 'Arn'] },
  });
});

it.each([
  ['jobs', 'uploads/*'],
  ['batch', 'results/*'],
  ['batch', 'rejected/*'],
  ['batch', 'inbox/*'],
] as const)('lets %s write to %s of the inbox bucket', (name, prefix) => {
  const resources = JSON.stringify(statementsOf(templates, name).map(({ Resource }) => Resource));

  expect(resources).toContain(prefix);
});
