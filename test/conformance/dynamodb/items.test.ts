import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb } from '../../../local/dynamodb/index.ts';
import { clientConfig, serviceUnderTest } from '../../support/endpoint.ts';

const TableName = `items-${Date.now()}`;

let service: Awaited<ReturnType<typeof serviceUnderTest>>;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;

beforeAll(async () => {
  service = await serviceUnderTest(() => startDynamoDb());
  client = new DynamoDBClient(clientConfig(service.url));
  documents = DynamoDBDocumentClient.from(client);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'label', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-label',
          KeySchema: [
            { AttributeName: 'label', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
          WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4000 },
        },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName });
});
afterAll(async () => {
  await client.send(new DeleteTableCommand({ TableName }));
  await service.close();
});

const put = (item: Record<string, unknown>, over = {}) =>
  documents.send(new PutCommand({ TableName, Item: item, ...over }));
const get = async (pk: string, sk: string) =>
  (await documents.send(new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true }))).Item;

describe('items', () => {
  it('come back as they were put, every type of attribute', async () => {
    const item = {
      pk: 'types',
      sk: '1',
      text: 'täglich',
      number: -1.5,
      yes: true,
      nothing: null,
      bytes: new Uint8Array([1, 2, 3]),
      list: [1, { deep: ['x'] }],
      set: new Set(['a', 'b']),
    };

    await put(item);

    expect(await get('types', '1')).toEqual(item);
  });

  it('are not overwritten where the condition forbids it', async () => {
    await put({ pk: 'once', sk: '1', version: 1 });

    const second = put({ pk: 'once', sk: '1', version: 2 }, { ConditionExpression: 'attribute_not_exists(pk)' });

    await expect(second).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    expect(await get('once', '1')).toMatchObject({ version: 1 });
  });

  it('are updated by expressions', async () => {
    await put({ pk: 'update', sk: '1', hits: 1, tags: new Set(['x']), list: ['a'], gone: 1 });

    const { Attributes } = await documents.send(
      new UpdateCommand({
        TableName,
        Key: { pk: 'update', sk: '1' },
        UpdateExpression:
          'SET #l = list_append(#l, :b), fresh = if_not_exists(fresh, :zero) ADD hits :one, tags :y REMOVE gone',
        ExpressionAttributeNames: { '#l': 'list' },
        ExpressionAttributeValues: { ':b': ['b'], ':zero': 0, ':one': 1, ':y': new Set(['y']) },
        ReturnValues: 'ALL_NEW',
      }),
    );

    expect(Attributes).toEqual({
      pk: 'update',
      sk: '1',
      hits: 2,
      tags: new Set(['x', 'y']),
      list: ['a', 'b'],
      fresh: 0,
    });
  });

  it('count exactly under concurrent updates', async () => {
    const addOne = () =>
      documents.send(
        new UpdateCommand({
          TableName,
          Key: { pk: 'counter', sk: '1' },
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': 1 },
        }),
      );

    await Promise.all(Array.from({ length: 50 }, addOne));

    expect(await get('counter', '1')).toMatchObject({ n: 50 });
  });

  it('above 400 KB are refused', async () => {
    await expect(put({ pk: 'large', sk: '1', text: 'x'.repeat(400 * 1024) })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('of an unknown table are refused', async () => {
    await expect(put({ pk: 'a', sk: '1' }, { TableName: 'nowhere' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: expect.stringContaining('Requested resource not found'),
    });
  });
});

describe('queries', () => {
  beforeAll(async () => {
    const item = (index: number) => ({
      pk: 'query',
      sk: String(index).padStart(3, '0'),
      label: index % 2 ? 'odd' : 'even',
    });
    await documents.send(
      new BatchWriteCommand({
        RequestItems: {
          [TableName]: Array.from({ length: 25 }, (_, index) => ({ PutRequest: { Item: item(index) } })),
        },
      }),
    );
  });

  it('go page by page, backwards, within a range', async () => {
    const found: unknown[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await documents.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': 'query', ':from': '005', ':to': '011' },
          ScanIndexForward: false,
          Limit: 3,
          ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
        }),
      );
      found.push(...(page.Items ?? []).map((item) => item.sk));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);

    expect(found).toEqual(['011', '010', '009', '008', '007', '006', '005']);
  });

  it('use a global secondary index', async () => {
    const { Count } = await documents.send(
      new QueryCommand({
        TableName,
        IndexName: 'by-label',
        KeyConditionExpression: 'label = :label',
        ExpressionAttributeValues: { ':label': 'odd' },
      }),
    );

    expect(Count).toBe(12);
  });

  it('scan with a filter, and get in batches', async () => {
    const scan = await documents.send(
      new ScanCommand({
        TableName,
        FilterExpression: 'label = :label',
        ExpressionAttributeValues: { ':label': 'even' },
        Select: 'COUNT',
      }),
    );
    const batch = await documents.send(
      new BatchGetCommand({
        RequestItems: {
          [TableName]: {
            Keys: [
              { pk: 'query', sk: '001' },
              { pk: 'query', sk: '999' },
            ],
          },
        },
      }),
    );

    expect(scan.Count).toBe(13);
    expect(batch.Responses?.[TableName]).toEqual([{ pk: 'query', sk: '001', label: 'odd' }]);
  });
});

describe('ReturnValuesOnConditionCheckFailure ALL_OLD', () => {
  const ReturnValuesOnConditionCheckFailure = 'ALL_OLD';
  const key = { pk: 'failed-check', sk: '1' };
  const old = { pk: { S: 'failed-check' }, sk: { S: '1' }, owner: { S: 'first' } };

  beforeAll(() => put({ ...key, owner: 'first' }));

  it.each([
    [
      'PutItem',
      () =>
        put(
          { ...key, owner: 'second' },
          { ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure },
        ),
    ],
    [
      'UpdateItem',
      () =>
        documents.send(
          new UpdateCommand({
            TableName,
            Key: key,
            UpdateExpression: 'SET #o = :second',
            ConditionExpression: '#o = :second',
            ExpressionAttributeNames: { '#o': 'owner' },
            ExpressionAttributeValues: { ':second': 'second' },
            ReturnValuesOnConditionCheckFailure,
          }),
        ),
    ],
    [
      'DeleteItem',
      () =>
        documents.send(
          new DeleteCommand({
            TableName,
            Key: key,
            ConditionExpression: 'attribute_not_exists(pk)',
            ReturnValuesOnConditionCheckFailure,
          }),
        ),
    ],
  ])('shows the item that made %s fail', async (_operation, write) => {
    const error = await write().catch((thrown) => thrown);

    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error.message).toBe('The conditional request failed');
    expect(error.Item).toEqual(old);
  });

  it('shows none where there is none', async () => {
    const error = await put(
      { pk: 'absent', sk: '1' },
      { ConditionExpression: 'attribute_exists(pk)', ReturnValuesOnConditionCheckFailure },
    ).catch((thrown) => thrown);

    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error.Item).toBeUndefined();
  });

  it('changes nothing for a write that succeeds', async () => {
    await put(
      { pk: 'free', sk: '1' },
      { ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure },
    );

    expect(await get('free', '1')).toEqual({ pk: 'free', sk: '1' });
  });
});
