import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Run, runSchema, runsTable } from '@kilat/contracts';
import {
  endedRunStates,
  RunInProgressError,
  type RunRef,
  type RunSelection,
  type RunStore,
  type SelectedRuns,
} from '@kilat/core';
import { aws } from './aws-clients.ts';
import { unlessRefused } from './job-store.ts';

const { partitionKey, sortKey, lockPrefix, byModel } = runsTable;

const keyOf = ({ tenantId, runId }: RunRef) => ({ [partitionKey]: tenantId, [sortKey]: runId });
const lockKeyOf = (tenantId: string, model: string) => ({ [partitionKey]: tenantId, [sortKey]: lockPrefix + model });
const modelOf = (tenantId: string, model: string): string => `${tenantId}#${model}`;

/** Runs in DynamoDB. @param now epoch milliseconds */
export const runStore = (TableName: string, now: () => number): RunStore => ({
  async create(tenantId, run, lockedUntil) {
    const ref = { tenantId, runId: run.run_id };
    const Item = { ...run, ...keyOf(ref), [byModel.partitionKey]: modelOf(tenantId, run.model) };
    const lock = { ...lockKeyOf(tenantId, run.model), holder: run.run_id, locked_until: lockedUntil };
    const free = 'attribute_not_exists(holder) OR locked_until < :now';
    const seconds = Math.floor(now() / 1000);
    try {
      await aws.dynamoDb.send(
        new TransactWriteCommand({
          TransactItems: [
            { Put: { TableName, Item, ConditionExpression: `attribute_not_exists(${partitionKey})` } },
            {
              Put: {
                TableName,
                Item: lock,
                ConditionExpression: free,
                ExpressionAttributeValues: { ':now': seconds },
              },
            },
          ],
        }),
      );
    } catch (error) {
      if (!isRefused(error)) throw error;
      if (!(await find(TableName, ref))) throw new RunInProgressError(run.model);
    }
  },

  advance: (ref, changes) => update(TableName, ref, changes),

  async end(ref, model, changes) {
    const ended = await update(TableName, ref, changes);
    await release(TableName, ref, model); // last, and at every try: whoever died between the two comes again
    return ended;
  },

  find: (ref) => find(TableName, ref),

  select: (selection) => select(TableName, selection),
});

/** Of two movers at once DynamoDB refuses the later by the condition, or both by their conflict. */
const isRefused = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  !!error.CancellationReasons?.some(({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict');

/** @returns undefined where the run has ended, or there is none */
async function update(TableName: string, ref: RunRef, changes: Partial<Run>): Promise<Run | undefined> {
  const set = Object.entries(changes).filter(([, value]) => value !== undefined);
  const ended = endedRunStates.map((state, index) => [`:ended${index}`, state] as const);
  const command = new UpdateCommand({
    TableName,
    Key: keyOf(ref),
    ConditionExpression: `attribute_exists(#state) AND NOT #state IN (${ended.map(([name]) => name).join(', ')})`,
    UpdateExpression: `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`,
    ExpressionAttributeNames: { '#state': 'state', ...Object.fromEntries(set.map(([name]) => [`#${name}`, name])) },
    ExpressionAttributeValues: Object.fromEntries([...ended, ...set.map(([name, value]) => [`:${name}`, value])]),
    ReturnValues: 'ALL_NEW',
  });
  const answer = await unlessRefused(() => aws.dynamoDb.send(command));
  return answer && runSchema.parse(answer.Attributes);
}

async function release(TableName: string, { tenantId, runId }: RunRef, model: string): Promise<void> {
  await unlessRefused(() =>
    aws.dynamoDb.send(
      new UpdateCommand({
        TableName,
        Key: lockKeyOf(tenantId, model),
        ConditionExpression: 'holder = :run',
        UpdateExpression: 'REMOVE holder',
        ExpressionAttributeValues: { ':run': runId },
      }),
    ),
  );
}

async function find(TableName: string, ref: RunRef): Promise<Run | undefined> {
  const { Item } = await aws.dynamoDb.send(new GetCommand({ TableName, Key: keyOf(ref), ConsistentRead: true }));
  return Item && runSchema.parse(Item);
}

/** Above every id, each of which begins with a hexadecimal digit, and below every lock. */
const AFTER_IDS = 'g';

async function select(
  TableName: string,
  { tenantId, model, before = AFTER_IDS, limit }: RunSelection,
): Promise<SelectedRuns> {
  const partition = model ? byModel.partitionKey : partitionKey;
  const { Items = [] } = await aws.dynamoDb.send(
    new QueryCommand({
      TableName,
      ...(model && { IndexName: byModel.indexName }),
      KeyConditionExpression: '#partition = :partition AND #sort < :before',
      ExpressionAttributeNames: { '#partition': partition, '#sort': sortKey },
      ExpressionAttributeValues: { ':partition': model ? modelOf(tenantId, model) : tenantId, ':before': before },
      ScanIndexForward: false,
      Limit: limit + 1,
    }),
  );
  const runs = Items.slice(0, limit).map((item) => runSchema.parse(item));
  return { runs, ...(Items.length > limit && { last: runs.at(-1)!.run_id }) };
}
