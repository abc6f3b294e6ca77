import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  IdempotentParameterMismatchException,
  TransactionCanceledException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDynamoDb } from '../../../local/dynamodb/index.ts';
import { clientConfig, isRemote, serviceUnderTest } from '../../support/endpoint.ts';

const TableName = `transactions-${Date.now()}`;

let service: Awaited<ReturnType<typeof serviceUnderTest>>;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;
let nowMs = Date.now();

beforeAll(async () => {
  service = await serviceUnderTest(() => startDynamoDb({ now: () => nowMs }));
  client = new DynamoDBClient(clientConfig(service.url));
  documents = DynamoDBDocumentClient.from(client);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName });
});
afterAll(async () => {
  await client.send(new DeleteTableCommand({ TableName }));
  await service.close();
});
beforeEach(async () => {
  await put({ pk: 'champion', version: 3 });
  await put({ pk: 'doomed' });
});

const put = (Item: Record<string, unknown>) => documents.send(new PutCommand({ TableName, Item }));
const get = async (pk: string) =>
  (await documents.send(new GetCommand({ TableName, Key: { pk }, ConsistentRead: true }))).Item;
const transact = (TransactItems: TransactWriteCommandInput['TransactItems'], over = {}) =>
  documents.send(new TransactWriteCommand({ TransactItems, ...over }));

const putOf = (Item: Record<string, unknown>, over = {}) => ({ Put: { TableName, Item, ...over } });
const checkVersion = (version: number, over = {}) => ({
  ConditionCheck: {
    TableName,
    Key: { pk: 'champion' },
    ConditionExpression: 'version = :version',
    ExpressionAttributeValues: { ':version': version },
    ...over,
  },
});
const addOne = (pk: string) => ({
  Update: { TableName, Key: { pk }, UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': 1 } },
});

describe('TransactWriteItems', () => {
  it('puts, updates, deletes and checks as one', async () => {
    await transact([
      putOf({ pk: 'all-put' }, { ConditionExpression: 'attribute_not_exists(pk)' }),
      addOne('all-update'),
      { Delete: { TableName, Key: { pk: 'doomed' } } },
      checkVersion(3),
    ]);

    expect(await get('all-put')).toEqual({ pk: 'all-put' });
    expect(await get('all-update')).toEqual({ pk: 'all-update', n: 1 });
    expect(await get('doomed')).toBeUndefined();
    expect(await get('champion')).toEqual({ pk: 'champion', version: 3 });
  });

  it('writes nothing when one condition fails, and names the reason of each', async () => {
    const error = await transact([
      putOf({ pk: 'champion', version: 4 }),
      putOf({ pk: 'none-put' }),
      { Delete: { TableName, Key: { pk: 'doomed' }, ConditionExpression: 'attribute_not_exists(pk)' } },
    ]).catch((thrown) => thrown);

    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error.message).toMatch(/specific reasons \[None, None, ConditionalCheckFailed\]/);
    expect(error.CancellationReasons).toEqual([
      { Code: 'None' },
      { Code: 'None' },
      { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
    ]);
    expect(await get('champion')).toEqual({ pk: 'champion', version: 3 });
    expect(await get('none-put')).toBeUndefined();
    expect(await get('doomed')).toEqual({ pk: 'doomed' });
  });

  it('shows the item that made a check fail where it is asked to', async () => {
    const error = await transact([
      checkVersion(2, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
      putOf({ pk: 'unseen' }),
    ]).catch((thrown) => thrown);

    expect(error.CancellationReasons).toEqual([
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { pk: { S: 'champion' }, version: { N: '3' } },
      },
      { Code: 'None' },
    ]);
  });

  it('cancels with ValidationError where an update does not fit the item', async () => {
    await put({ pk: 'text', n: 'not a number' });

    const error = await transact([putOf({ pk: 'undone' }), addOne('text')]).catch((thrown) => thrown);

    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error.CancellationReasons?.[1]).toMatchObject({
      Code: 'ValidationError',
      Message: expect.stringContaining('incorrect data type'),
    });
    expect(await get('undone')).toBeUndefined();
  });

  it.each<[string, () => NonNullable<TransactWriteCommandInput['TransactItems']>]>([
    ['two operations on one item', () => [putOf({ pk: 'twice' }), addOne('twice')]],
    ['no operation', () => []],
    ['101 operations', () => Array.from({ length: 101 }, (_, index) => putOf({ pk: `many-${index}` }))],
    [
      'an expression that is none',
      () => [putOf({ pk: 'first' }), putOf({ pk: 'bad' }, { ConditionExpression: 'not an expression' })],
    ],
  ])('refuses %s with ValidationException, and writes nothing', async (_title, items) => {
    await expect(transact(items())).rejects.toMatchObject({ name: 'ValidationException' });

    expect(await get('first')).toBeUndefined();
    expect(await get('twice')).toBeUndefined();
  });

  it('refuses an unknown table with ResourceNotFoundException', async () => {
    const items = [putOf({ pk: 'lost' }), { Put: { TableName: 'nowhere', Item: { pk: 'lost' } } }];

    await expect(transact(items)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });

    expect(await get('lost')).toBeUndefined();
  });

  it('runs once per client token', async () => {
    const again = { ClientRequestToken: `token-${nowMs}` };

    await transact([addOne('once')], again);
    await transact([addOne('once')], again);

    expect(await get('once')).toEqual({ pk: 'once', n: 1 });
  });

  it('refuses a client token with other parameters', async () => {
    const again = { ClientRequestToken: `other-${nowMs}` };
    await transact([addOne('mismatch')], again);

    await expect(transact([addOne('another')], again)).rejects.toBeInstanceOf(IdempotentParameterMismatchException);
  });

  it.skipIf(isRemote)('forgets a client token after ten minutes', async () => {
    const again = { ClientRequestToken: 'forgotten' };
    await transact([addOne('forgotten')], again);

    nowMs += 10 * 60_000;
    await transact([addOne('forgotten')], again);

    expect(await get('forgotten')).toEqual({ pk: 'forgotten', n: 2 });
  });

  it('does not lose what others write at the same time', async () => {
    const single = () => documents.send(new UpdateCommand({ ...addOne('contended').Update, TableName }));
    const double = () => transact([addOne('contended'), addOne('contended-too')]);

    await Promise.all(Array.from({ length: 10 }, () => [single(), double().catch(retry(double))]).flat());

    expect(await get('contended')).toEqual({ pk: 'contended', n: 20 });
    expect(await get('contended-too')).toEqual({ pk: 'contended-too', n: 10 });
  });
});

/** AWS may cancel a transaction for a conflict, and asks to try again. */
const retry = (work: () => Promise<unknown>) => (): Promise<unknown> => work().catch(retry(work));

describe('TransactGetItems', () => {
  it('returns the items in the order asked for, with nothing for those that are not there', async () => {
    const { Responses } = await documents.send(
      new TransactGetCommand({
        TransactItems: [
          { Get: { TableName, Key: { pk: 'champion' } } },
          { Get: { TableName, Key: { pk: 'absent' } } },
          { Get: { TableName, Key: { pk: 'doomed' } } },
        ],
      }),
    );

    expect(Responses?.map((response) => response.Item)).toEqual([
      { pk: 'champion', version: 3 },
      undefined,
      { pk: 'doomed' },
    ]);
  });
});
