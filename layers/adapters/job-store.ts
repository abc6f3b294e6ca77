import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type ChunkRecord, chunkRecordSchema, jobRecordSchema, jobsTable } from '@kilat/contracts';
import { type JobRef, type JobSelection, type JobStore, madeAt, numbered } from '@kilat/core';
import { aws } from './aws-clients.ts';

export interface JobStoreOptions {
  readonly tableName: string;
  /** Days after which a job is forgotten; a store that makes none needs none. */
  readonly retentionDays?: number;
}

const { partitionKey, sortKey, timeToLive, byOwner, byTenant } = jobsTable;
const DAY_SECONDS = 86_400;
const CHUNK = 'chunk#';

const keyOf = ({ tenantId, jobId }: JobRef, part = 'job') => ({
  [partitionKey]: `${tenantId}#${jobId}`,
  [sortKey]: part,
});

export const jobStore = ({ tableName: TableName, retentionDays = 0 }: JobStoreOptions): JobStore => ({
  async create(job) {
    const ref = { tenantId: job.tenant_id, jobId: job.job_id };
    const expiresAt = Math.floor(madeAt(job.job_id) / 1000) + retentionDays * DAY_SECONDS;
    const owner = `${job.tenant_id}#${job.user_id}`;
    const Item = { ...job, ...keyOf(ref), [byOwner.partitionKey]: owner, [timeToLive]: expiresAt };
    const ConditionExpression = `attribute_not_exists(${partitionKey})`;
    await unlessRefused(() => aws.dynamoDb.send(new PutCommand({ TableName, Item, ConditionExpression })));
  },

  async remove(ref) {
    await aws.dynamoDb.send(new DeleteCommand({ TableName, Key: keyOf(ref) }));
  },

  async find(ref) {
    const { Item } = await aws.dynamoDb.send(new GetCommand({ TableName, Key: keyOf(ref), ConsistentRead: true }));
    return Item && jobRecordSchema.parse(Item);
  },

  select: (selection) => select(TableName, selection),

  async advance(ref, from, changes) {
    const answer = await unlessRefused(() =>
      aws.dynamoDb.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(ref),
          ConditionExpression: `#state IN (${from.map((_, index) => `:from${index}`).join(', ')})`,
          UpdateExpression: `SET ${Object.keys(changes)
            .map((name) => `#${name} = :${name}`)
            .join(', ')}`,
          ExpressionAttributeNames: named({ state: undefined, ...changes }, '#'),
          ExpressionAttributeValues: {
            ...Object.fromEntries(from.map((state, index) => [`:from${index}`, state])),
            ...Object.fromEntries(Object.entries(changes).map(([name, value]) => [`:${name}`, value])),
          },
          ReturnValues: 'ALL_NEW',
        }),
      ),
    );
    return answer && jobRecordSchema.parse(answer.Attributes);
  },

  async putChunk(ref, chunk) {
    const Item = { ...chunk, ...keyOf(ref, CHUNK + numbered(chunk.chunk)) };
    await aws.dynamoDb.send(new PutCommand({ TableName, Item }));
  },

  async findChunk(ref, chunk) {
    const Key = keyOf(ref, CHUNK + numbered(chunk));
    const { Item } = await aws.dynamoDb.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item && chunkRecordSchema.parse(Item);
  },

  chunks: (ref) => chunks(TableName, ref),

  async completeChunk(ref, chunk) {
    const { Attributes } = await aws.dynamoDb.send(
      new UpdateCommand({
        TableName,
        Key: keyOf(ref),
        UpdateExpression: 'ADD done_chunks :chunk', // a set: the same chunk twice counts once
        ExpressionAttributeValues: { ':chunk': new Set([chunk]) },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return (Attributes!.done_chunks as Set<number>).size;
  },
});

const named = (members: object, sign: string): Record<string, string> =>
  Object.fromEntries(Object.keys(members).map((name) => [sign + name, name]));

/** @returns undefined where the write's condition does not hold */
export async function unlessRefused<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

async function select(TableName: string, { scope, before, limit }: JobSelection): ReturnType<JobStore['select']> {
  const { tenantId, userId } = scope;
  const index = userId ? byOwner : byTenant;
  const { Items = [] } = await aws.dynamoDb.send(
    new QueryCommand({
      TableName,
      IndexName: index.indexName,
      KeyConditionExpression: `#partition = :partition${before ? ' AND #sort < :before' : ''}`,
      ExpressionAttributeNames: { '#partition': index.partitionKey, ...(before && { '#sort': index.sortKey }) },
      ExpressionAttributeValues: {
        ':partition': userId ? `${tenantId}#${userId}` : tenantId,
        ...(before && { ':before': before }),
      },
      ScanIndexForward: false,
      Limit: limit + 1,
    }),
  );
  const jobs = Items.slice(0, limit).map((item) => jobRecordSchema.parse(item));
  return { jobs, ...(Items.length > limit && { last: jobs.at(-1)!.job_id }) };
}

async function chunks(TableName: string, ref: JobRef): Promise<ChunkRecord[]> {
  const found: ChunkRecord[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await aws.dynamoDb.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: '#partition = :partition AND begins_with(#sort, :chunk)',
        ExpressionAttributeNames: { '#partition': partitionKey, '#sort': sortKey },
        ExpressionAttributeValues: { ':partition': keyOf(ref)[partitionKey], ':chunk': CHUNK },
        ConsistentRead: true,
        ExclusiveStartKey,
      }),
    );
    found.push(...(page.Items ?? []).map((item) => chunkRecordSchema.parse(item)));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}
