import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeLimitsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  ScanCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb } from '../../../local/dynamodb/index.ts';
import { clientConfig, isRemote, serviceUnderTest } from '../../support/endpoint.ts';

const WAIT = { maxWaitTime: 20, minDelay: 1, maxDelay: 1 };

let service: Awaited<ReturnType<typeof serviceUnderTest>>;
let client: DynamoDBClient;

beforeAll(async () => {
  service = await serviceUnderTest(() => startDynamoDb({ ttlSweepMs: 20 }));
  client = new DynamoDBClient(clientConfig(service.url));
});
afterAll(() => service.close());

const uniqueName = (name: string) => `${name}-${Date.now()}`;

async function create(TableName: string, over = {}, sender = client) {
  await sender.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      ...over,
    }),
  );
  await waitUntilTableExists({ client: sender, ...WAIT }, { TableName });
  return TableName;
}
const describeTable = async (TableName: string) => (await client.send(new DescribeTableCommand({ TableName }))).Table;
const setTtl = (TableName: string, Enabled: boolean) =>
  client.send(
    new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled, AttributeName: 'expires_at' } }),
  );

describe('tables', () => {
  it('have an ARN in the local account', async () => {
    const TableName = await create(uniqueName('arn'));

    expect((await describeTable(TableName))?.TableArn).toMatch(
      new RegExp(`^arn:aws:dynamodb:us-east-1:\\d{12}:table/${TableName}$`),
    );
  });

  it('keep the tags that they are created with', async () => {
    const TableName = await create(uniqueName('tagged'), { Tags: [{ Key: 'stage', Value: 'local' }] });
    const ResourceArn = (await describeTable(TableName))?.TableArn;

    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn }));

    expect(Tags).toEqual([{ Key: 'stage', Value: 'local' }]);
  });

  it('tolerate what a template says of a production table', async () => {
    const TableName = await create(uniqueName('production'), {
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      SSESpecification: { Enabled: true },
      TableClass: 'STANDARD',
      WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4000 },
      OnDemandThroughput: { MaxReadRequestUnits: 100, MaxWriteRequestUnits: 100 },
    });

    expect((await describeTable(TableName))?.TableStatus).toBe('ACTIVE');
  });

  it('are refused a second time', async () => {
    const TableName = await create(uniqueName('twice'));

    await expect(create(TableName)).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });

  it('are gone when they are deleted', async () => {
    const TableName = await create(uniqueName('gone'));

    await client.send(new DeleteTableCommand({ TableName }));
    await waitUntilTableNotExists({ client, ...WAIT }, { TableName });

    expect((await client.send(new ListTablesCommand({}))).TableNames).not.toContain(TableName);
  });

  it('are refused deletion while they are protected', async () => {
    const TableName = await create(uniqueName('protected'), { DeletionProtectionEnabled: true });

    expect((await describeTable(TableName))?.DeletionProtectionEnabled).toBe(true);
    await expect(client.send(new DeleteTableCommand({ TableName }))).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    });

    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await client.send(new DeleteTableCommand({ TableName }));
  });
});

describe('time to live', () => {
  it('is off, until it is turned on', async () => {
    const TableName = await create(uniqueName('ttl'));
    const describeTtl = async () =>
      (await client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;

    expect(await describeTtl()).toMatchObject({ TimeToLiveStatus: 'DISABLED' });
    await setTtl(TableName, true);
    expect(await describeTtl()).toMatchObject({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires_at' });
  });

  it('refuses to be set to what it is', async () => {
    const TableName = await create(uniqueName('ttl-same'));

    await expect(setTtl(TableName, false)).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'TimeToLive is already disabled',
    });
  });

  it('of an unknown table is refused', async () => {
    await expect(setTtl('nowhere', true)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it.skipIf(isRemote)('deletes the items that have expired, and no other', async () => {
    const TableName = await create(uniqueName('ttl-sweep'));
    const nowSeconds = Math.floor(Date.now() / 1000);
    const items = {
      expired: { N: String(nowSeconds - 1) },
      'in an hour': { N: String(nowSeconds + 3600) },
      'six years ago': { N: String(nowSeconds - 6 * 365 * 24 * 3600) },
      text: { S: String(nowSeconds - 1) },
    };
    for (const [pk, expires_at] of Object.entries(items)) {
      await client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, expires_at } }));
    }
    await client.send(new PutItemCommand({ TableName, Item: { pk: { S: 'without' } } }));

    await setTtl(TableName, true);

    const left = async () =>
      (await client.send(new ScanCommand({ TableName }))).Items?.map((item) => item.pk?.S).toSorted();
    await expect.poll(left).toEqual(['in an hour', 'six years ago', 'text', 'without']);
  });
});

describe('account and backups', () => {
  it('point-in-time recovery is remembered', async () => {
    const TableName = await create(uniqueName('pitr'));
    const describeBackups = async () =>
      (await client.send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription
        ?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;

    expect(await describeBackups()).toBe('DISABLED');
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    expect(await describeBackups()).toBe('ENABLED');
  });

  it('limits are described', async () => {
    expect(await client.send(new DescribeLimitsCommand({}))).toMatchObject({ TableMaxReadCapacityUnits: 40_000 });
  });
});

describe.skipIf(isRemote)('the service itself', () => {
  it('survives a client that breaks off its upload', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\nhalf', () => socket.destroy());
    await new Promise((resolve) => socket.once('close', resolve));

    expect(await client.send(new DescribeLimitsCommand({}))).toBeDefined();
  });

  it('keeps tables, items and settings over a restart', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'kilat-dynamodb-'));
    const first = await startDynamoDb({ dir });
    const before = new DynamoDBClient(clientConfig(first.url));
    await create('kept', { DeletionProtectionEnabled: true }, before);
    await before.send(new PutItemCommand({ TableName: 'kept', Item: { pk: { S: 'a' } } }));
    await first.close();

    const second = await startDynamoDb({ dir });
    const after = new DynamoDBClient(clientConfig(second.url));
    const { Item } = await after.send(new GetItemCommand({ TableName: 'kept', Key: { pk: { S: 'a' } } }));
    const deletion = after.send(new DeleteTableCommand({ TableName: 'kept' }));

    expect(Item).toEqual({ pk: { S: 'a' } });
    await expect(deletion).rejects.toMatchObject({ name: 'ValidationException' });
    await second.close();
    await rm(dir, { recursive: true });
  });

  it('closes twice, and under load', async () => {
    const loaded = await startDynamoDb();
    const sender = new DynamoDBClient(clientConfig(loaded.url));
    await create('busy', {}, sender);
    const writes = Array.from({ length: 30 }, (_, index) =>
      sender.send(new PutItemCommand({ TableName: 'busy', Item: { pk: { S: String(index) } } })),
    );

    const settled = Promise.allSettled(writes);
    await Promise.all([loaded.close(), loaded.close()]);

    expect(await settled).toHaveLength(30);
  });
});
