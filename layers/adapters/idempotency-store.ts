import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type IdempotencyRecord, idempotencyRecordSchema, jobsTable } from '@kilat/contracts';
import type { IdempotencyStore } from '@kilat/core';
import { aws } from './aws-clients.ts';
import { unlessRefused } from './job-store.ts';

const { partitionKey, sortKey } = jobsTable;

const keyOf = ({ owner, key }: IdempotencyRecord) => ({
  [partitionKey]: `${owner}#${key}`,
  [sortKey]: 'idempotency',
});

/** Idempotency keys, in the jobs table: one item each, which outlives its request by a day. */
export const idempotencyStore = (TableName: string): IdempotencyStore => ({
  async claim(record) {
    const put = { TableName, Item: itemOf(record), ConditionExpression: `attribute_not_exists(${partitionKey})` };
    if (await unlessRefused(() => aws.dynamoDb.send(new PutCommand(put)))) return undefined;
    const get = { TableName, Key: keyOf(record), ConsistentRead: true };
    const { Item } = await aws.dynamoDb.send(new GetCommand(get));
    return recordIn(Item!); // kept for a day past its use: it is not gone within a moment
  },

  async replace(held, by) {
    const ConditionExpression = 'locked_until = :locked AND job_id = :job';
    const ExpressionAttributeValues = { ':locked': held.locked_until, ':job': held.job_id };
    const put = { TableName, Item: itemOf(by), ConditionExpression, ExpressionAttributeValues };
    return (await unlessRefused(() => aws.dynamoDb.send(new PutCommand(put)))) !== undefined;
  },

  async settle(record, { is_done, locked_until }) {
    await unlessRefused(() =>
      aws.dynamoDb.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(record),
          UpdateExpression: 'SET is_done = :done, locked_until = :locked',
          ConditionExpression: 'job_id = :job',
          ExpressionAttributeValues: { ':done': is_done, ':locked': locked_until, ':job': record.job_id },
        }),
      ),
    );
  },
});

/** The owner is named otherwise, or the index of jobs by owner would list it. */
const itemOf = ({ owner, ...record }: IdempotencyRecord) => ({
  ...record,
  held_by: owner,
  ...keyOf({ owner, ...record }),
});

const recordIn = ({ held_by, ...item }: Record<string, unknown>): IdempotencyRecord =>
  idempotencyRecordSchema.parse({ ...item, owner: held_by });
