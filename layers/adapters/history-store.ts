import {
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type BatchWriteCommandOutput,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { historyTable, type PredictionRecord, predictionRecordSchema } from '@kilat/contracts';
import {
  type HistoryScope,
  type HistorySelection,
  type HistoryStore,
  type StoredPrediction,
  StoreUnavailableError,
} from '@kilat/core';
import { aws } from './aws-clients.ts';
import { pause } from './clock.ts';

export interface HistoryStoreOptions {
  readonly tableName: string;
  /** Days after which a record is forgotten; a store that only reads needs none. */
  readonly retentionDays?: number;
}

/** A filter that matches little reads much: after this many pages of 1 MB the caller gets a cursor instead. */
const MAX_READS = 5;

/** With a filter, more is read at once than is asked for, since most of it may be left out. */
const FILTERED_READ = 500;

const DAY_SECONDS = 86_400;

export const historyStore = ({ tableName, retentionDays }: HistoryStoreOptions): HistoryStore => ({
  async put(prediction) {
    const item = itemOf(prediction, retentionDays);
    await aws.dynamoDb.send(new PutCommand({ TableName: tableName, Item: item }));
  },

  async putAll(predictions) {
    const items = predictions.map((prediction) => itemOf(prediction, retentionDays));
    const portions = Array.from({ length: Math.ceil(items.length / BATCH_ITEMS) }, (_, index) =>
      items.slice(index * BATCH_ITEMS, (index + 1) * BATCH_ITEMS),
    );
    const next = portions.values();
    await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, () => writeEach(tableName, next)));
  },

  select: (selection) => select(tableName, selection),

  async find(scope, predictionId) {
    const item = await (scope.userId ? getItem : queryTenant)(tableName, scope, predictionId);
    return item && predictionRecordSchema.parse(item);
  },

  async check() {
    const key = { [historyTable.partitionKey]: 'readiness', [historyTable.sortKey]: 'readiness' };
    await aws.dynamoDb.send(new GetCommand({ TableName: tableName, Key: key }));
  },
});

/** What one call takes. */
const BATCH_ITEMS = 25;
const BATCHES_AT_ONCE = 4;
/** A table that grows with its load takes so long to take more. */
const PAUSES_MS = [50, 100, 200, 400, 800, 1600];

async function writeEach(tableName: string, portions: Iterable<object[]>): Promise<void> {
  for (const items of portions) await writeBatch(tableName, items);
}

/** @throws {StoreUnavailableError} when the table goes on handing items back */
async function writeBatch(tableName: string, items: readonly object[]): Promise<void> {
  let left: BatchWriteCommandInput['RequestItems'] = {
    [tableName]: items.map((Item) => ({ PutRequest: { Item: Item as Record<string, unknown> } })),
  };
  for (const pauseMs of [...PAUSES_MS, undefined]) {
    const { UnprocessedItems = {} }: BatchWriteCommandOutput = await aws.dynamoDb.send(
      new BatchWriteCommand({ RequestItems: left }),
    );
    if (Object.keys(UnprocessedItems).length === 0) return;
    left = UnprocessedItems;
    if (pauseMs !== undefined) await pause(pauseMs);
  }
  throw new StoreUnavailableError(`the history has not taken ${left![tableName]?.length ?? 0} items`);
}

const ownerOf = (tenantId: string, userId: string): string => `${tenantId}#${userId}`;

function itemOf({ tenantId, photoKey, record }: StoredPrediction, retentionDays: number | undefined): object {
  const createdAt = Math.floor(Date.parse(record.created_at) / 1000);
  return {
    ...record,
    [historyTable.partitionKey]: ownerOf(tenantId, record.user_id),
    [historyTable.byTenant.partitionKey]: tenantId,
    ...(photoKey && { photo_key: photoKey }),
    ...(retentionDays && { [historyTable.timeToLive]: createdAt + retentionDays * DAY_SECONDS }),
  };
}

async function select(tableName: string, selection: HistorySelection): ReturnType<HistoryStore['select']> {
  const input = queryOf(tableName, selection);
  const records: PredictionRecord[] = [];
  let startKey: QueryCommandInput['ExclusiveStartKey'];
  for (let reads = 0; reads < MAX_READS; reads++) {
    const page = await aws.dynamoDb.send(new QueryCommand({ ...input, ExclusiveStartKey: startKey }));
    records.push(...(page.Items ?? []).map((item) => predictionRecordSchema.parse(item)));
    startKey = page.LastEvaluatedKey;
    if (records.length > selection.limit) return cut(records, selection.limit);
    if (!startKey) return { records };
  }
  return { records: records.slice(0, selection.limit), last: startKey![historyTable.sortKey] };
}

/** One more than asked for was read: so there is a next page, which begins behind the last that is shown. */
function cut(records: PredictionRecord[], limit: number): { records: PredictionRecord[]; last: string } {
  const shown = records.slice(0, limit);
  return { records: shown, last: shown.at(-1)!.prediction_id };
}

function queryOf(tableName: string, { scope, range, filters, limit }: HistorySelection): QueryCommandInput {
  const names = Object.keys(filters);
  const { index, key, value } = partitionOf(scope);
  return {
    TableName: tableName,
    ...(index && { IndexName: index }),
    KeyConditionExpression: '#partition = :partition AND #sort BETWEEN :from AND :to',
    ...(names.length > 0 && { FilterExpression: names.map((name) => `#${name} = :${name}`).join(' AND ') }),
    ExpressionAttributeNames: {
      '#partition': key,
      '#sort': historyTable.sortKey,
      ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: {
      ':partition': value,
      ':from': range.from,
      ':to': range.to,
      ...Object.fromEntries(Object.entries(filters).map(([name, wanted]) => [`:${name}`, wanted])),
    },
    ScanIndexForward: false,
    Limit: names.length > 0 ? FILTERED_READ : limit + 1,
  };
}

function partitionOf({ tenantId, userId }: HistoryScope): { index?: string; key: string; value: string } {
  if (userId) return { key: historyTable.partitionKey, value: ownerOf(tenantId, userId) };
  return { index: historyTable.byTenant.indexName, key: historyTable.byTenant.partitionKey, value: tenantId };
}

async function getItem(tableName: string, { tenantId, userId }: HistoryScope, id: string): Promise<object | undefined> {
  const key = { [historyTable.partitionKey]: ownerOf(tenantId, userId!), [historyTable.sortKey]: id };
  const { Item } = await aws.dynamoDb.send(new GetCommand({ TableName: tableName, Key: key }));
  return Item;
}

async function queryTenant(tableName: string, scope: HistoryScope, id: string): Promise<object | undefined> {
  const range = { from: id, to: id };
  const { Items } = await aws.dynamoDb.send(
    new QueryCommand(queryOf(tableName, { scope, range, filters: {}, limit: 1 })),
  );
  return Items?.[0];
}
