import { historyTable, usageTable } from '@kilat/contracts';
import { Match } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { aStage, synthesised } from '../support/synth.ts';

const { storage } = synthesised(aStage('staging', { photoRetentionDays: 12 }));

it('keeps photos versioned, encrypted and out of public reach', () => {
  storage.allResourcesProperties('AWS::S3::Bucket', {
    VersioningConfiguration: { Status: 'Enabled' },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  });
});

it('forgets photos when the stage says so, and old versions a week later', () => {
  storage.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: [
        Match.objectLike({
          Status: 'Enabled',
          ExpirationInDays: 12,
          NoncurrentVersionExpiration: { NoncurrentDays: 7 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        }),
      ],
    },
  });
});

const refusesPlainHttp = {
  PolicyDocument: {
    Statement: Match.arrayWith([
      Match.objectLike({
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ]),
  },
};

it.each([
  ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'],
  ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy'],
])('lets nobody reach a %s without TLS', (resource, policy) => {
  storage.resourceCountIs(policy, Object.keys(storage.findResources(resource)).length);
  storage.allResourcesProperties(policy, refusesPlainHttp);
});

it('pays for every table by request, and can take it back to any second of the last 35 days', () => {
  storage.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
    BillingMode: 'PAY_PER_REQUEST',
    Replicas: [Match.objectLike({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })],
  });
});

it('gives the history the keys that the contracts name', () => {
  const { partitionKey, sortKey, timeToLive, byTenant } = historyTable;
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];

  storage.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    KeySchema: keys(partitionKey, sortKey),
    TimeToLiveSpecification: { AttributeName: timeToLive, Enabled: true },
    GlobalSecondaryIndexes: [
      {
        IndexName: byTenant.indexName,
        KeySchema: keys(byTenant.partitionKey, byTenant.sortKey),
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
});

it('gives the usage the keys that the contracts name', () => {
  const { partitionKey, sortKey, timeToLive } = usageTable;

  storage.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    KeySchema: [
      { AttributeName: partitionKey, KeyType: 'HASH' },
      { AttributeName: sortKey, KeyType: 'RANGE' },
    ],
    TimeToLiveSpecification: { AttributeName: timeToLive, Enabled: true },
  });
});

it('encrypts every queue', () => {
  storage.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
});

it('gives every queue but the dead letters a place for what cannot be read', () => {
  const queues = Object.entries(storage.findResources('AWS::SQS::Queue'));
  const without = queues.filter(([, { Properties }]) => Properties.RedrivePolicy === undefined);

  expect(without.map(([id]) => id)).toEqual(Array(2).fill(expect.stringContaining('DeadLetters')));
});

it('goes with its stack, photos and all', () => {
  storage.hasResource('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Delete' });
  storage.resourceCountIs('Custom::S3AutoDeleteObjects', 4);
});
