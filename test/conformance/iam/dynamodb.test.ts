import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb } from '../../../local/dynamodb/index.ts';
import type { Statement } from '../../../local/iam/index.ts';
import { clientConfig } from '../../support/endpoint.ts';
import { allow, anAccount } from '../../support/iam.ts';

const account = await anAccount();
const service = await startDynamoDb({ iam: account.iam });
afterAll(() => service.close());

const arnOf = (table: string) => `arn:aws:dynamodb:us-east-1:000000000000:table/${table}`;
const TableName = 'history';
const Key = { tenant: { S: 'ani' }, id: { S: '1' } };
const Item = { ...Key, label: { S: 'seven' } };

const HASH = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' }) as const;
const RANGE = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' }) as const;

beforeAll(async () => {
  const operator = new DynamoDBClient(clientConfig(service.url));
  for (const name of [TableName, 'other']) {
    await operator.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [HASH('tenant'), RANGE('id')],
        AttributeDefinitions: ['tenant', 'id', 'label'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        GlobalSecondaryIndexes: [
          { IndexName: 'by-label', KeySchema: [HASH('label')], Projection: { ProjectionType: 'ALL' } },
        ],
      }),
    );
    await operator.send(new PutItemCommand({ TableName: name, Item }));
  }
});

function client(...statements: Statement[]) {
  const { config, name } = account.session(service.url, ...statements);
  return { name, db: new DynamoDBClient(config) };
}

const get = new GetItemCommand({ TableName, Key });
const refusalOf = (action: string, resource = arnOf(TableName)) => ({
  name: 'AccessDeniedException',
  message: expect.stringContaining(`is not authorized to perform: ${action} on resource: ${resource} because no`),
  $metadata: expect.objectContaining({ httpStatusCode: 400 }),
});

describe('an operation on an item', () => {
  it('is allowed by its own action, and refused in the words of DynamoDB without it', async () => {
    const reader = client(allow('dynamodb:GetItem', arnOf(TableName)));

    expect((await reader.db.send(get)).Item).toEqual(Item);
    await expect(reader.db.send(new PutItemCommand({ TableName, Item }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: ${reader.name} is not authorized to perform: dynamodb:PutItem on resource: ${arnOf(TableName)} because no identity-based policy allows the dynamodb:PutItem action`,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('that shows what made its condition fail is checked as well', async () => {
    const { db } = client(allow('dynamodb:GetItem', arnOf(TableName)));
    const update = new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'SET label = :label',
      ExpressionAttributeValues: { ':label': { S: 'nine' } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });

    await expect(db.send(update)).rejects.toMatchObject(refusalOf('dynamodb:UpdateItem'));
  });

  it('that a policy denies says so', async () => {
    const denial: Statement = { Effect: 'Deny', Action: 'dynamodb:GetItem', Resource: arnOf(TableName) };
    const { db } = client(allow('dynamodb:GetItem', '*'), denial);

    await expect(db.send(get)).rejects.toThrow(
      /dynamodb:GetItem on resource: \S+ with an explicit deny in an identity-based policy$/,
    );
  });
});

describe('a query', () => {
  const query = (IndexName?: string) =>
    new QueryCommand({
      TableName,
      ...(IndexName ? { IndexName } : {}),
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': IndexName ? 'label' : 'tenant' },
      ExpressionAttributeValues: { ':key': IndexName ? Item.label : Key.tenant },
    });

  it('of an index asks for the index alone', async () => {
    const ofIndex = client(allow('dynamodb:Query', `${arnOf(TableName)}/index/by-label`));
    const ofTable = client(allow('dynamodb:Query', arnOf(TableName)));

    expect((await ofIndex.db.send(query('by-label'))).Count).toBe(1);
    expect((await ofTable.db.send(query())).Count).toBe(1);
    await expect(ofTable.db.send(query('by-label'))).rejects.toMatchObject(
      refusalOf('dynamodb:Query', `${arnOf(TableName)}/index/by-label`),
    );
    await expect(ofIndex.db.send(query())).rejects.toMatchObject(refusalOf('dynamodb:Query'));
  });
});

describe('a batch', () => {
  it('asks for its own action at every table', async () => {
    const { db } = client(allow('dynamodb:BatchGetItem', arnOf(TableName)));
    const batch = (...tables: string[]) =>
      new BatchGetItemCommand({ RequestItems: Object.fromEntries(tables.map((table) => [table, { Keys: [Key] }])) });

    expect((await db.send(batch(TableName))).Responses?.[TableName]).toHaveLength(1);
    await expect(db.send(batch(TableName, 'other'))).rejects.toMatchObject(
      refusalOf('dynamodb:BatchGetItem', arnOf('other')),
    );
  });

  it('that writes is not allowed by the actions of single items', async () => {
    const { db } = client(allow(['dynamodb:PutItem', 'dynamodb:DeleteItem'], arnOf(TableName)));
    const batch = new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item } }] } });

    await expect(db.send(batch)).rejects.toMatchObject(refusalOf('dynamodb:BatchWriteItem'));
  });
});

describe('a transaction', () => {
  const check = { ConditionCheck: { TableName, Key, ConditionExpression: 'attribute_exists(id)' } };
  const put = { Put: { TableName: 'other', Item } };

  it('asks for the action of each of its parts', async () => {
    const puts = allow('dynamodb:PutItem', arnOf('other'));
    const checks = allow('dynamodb:ConditionCheckItem', arnOf(TableName));
    const write = new TransactWriteItemsCommand({ TransactItems: [check, put] });

    await expect(client(puts, checks).db.send(write)).resolves.toBeDefined();
    await expect(client(puts).db.send(write)).rejects.toMatchObject(refusalOf('dynamodb:ConditionCheckItem'));
    await expect(client(checks).db.send(write)).rejects.toMatchObject(refusalOf('dynamodb:PutItem', arnOf('other')));
  });

  it('that reads is allowed by GetItem', async () => {
    const read = new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key } }] });

    await expect(client(allow('dynamodb:GetItem', arnOf(TableName))).db.send(read)).resolves.toBeDefined();
    await expect(client().db.send(read)).rejects.toMatchObject(refusalOf('dynamodb:GetItem'));
  });
});

describe('the condition key dynamodb:LeadingKeys', () => {
  const Condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['ani'] } };
  const actions = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:BatchGetItem'];
  const { db } = client(allow(actions, arnOf(TableName), { Condition }));
  const ofBudi = { ...Key, tenant: { S: 'budi' } };
  const query = (tenant: string) =>
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'tenant = :tenant',
      ExpressionAttributeValues: { ':tenant': { S: tenant } },
    });

  it('is the partition that is read', async () => {
    await expect(db.send(get)).resolves.toBeDefined();
    await expect(db.send(query('ani'))).resolves.toBeDefined();
    await expect(db.send(new GetItemCommand({ TableName, Key: ofBudi }))).rejects.toMatchObject(
      refusalOf('dynamodb:GetItem'),
    );
    await expect(db.send(query('budi'))).rejects.toMatchObject(refusalOf('dynamodb:Query'));
  });

  it('is every partition of a batch', async () => {
    const batch = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key, ofBudi] } } });

    await expect(db.send(batch)).rejects.toMatchObject(refusalOf('dynamodb:BatchGetItem'));
  });
});

it('asks for the account where an operation is about no table', async () => {
  const { db } = client(allow('dynamodb:ListTables', '*'));

  expect((await db.send(new ListTablesCommand({}))).TableNames).toContain(TableName);
  await expect(db.send(new ScanCommand({ TableName }))).rejects.toMatchObject(refusalOf('dynamodb:Scan'));
});

it('knows no key that was not drawn, and no session without its token', async () => {
  const { credentials } = account.session(service.url).config;
  const send = (keys: object) =>
    new DynamoDBClient({ ...clientConfig(service.url), credentials: keys as never }).send(get);

  for (const keys of [
    { ...credentials, accessKeyId: 'ASIANOBODY' },
    { ...credentials, sessionToken: 'guess' },
  ]) {
    await expect(send(keys)).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    });
  }
});
