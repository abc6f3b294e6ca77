import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, type QueryCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { planAssignmentSchema, type UsageDay, usageTable } from '@kilat/contracts';
import type { Caller, Tally, UsageStore } from '@kilat/core';
import { aws } from './aws-clients.ts';
import { dayAttributes, dayKey, usageUpdate, userPredictions, userRequests } from './usage-update.ts';

/**
 * What tenants use: one item a tenant and day, with the totals of the day, those of each user, and those of the minute
 * that runs. So a single conditional write judges and counts all of it, and as DynamoDB lets the writes of an item
 * follow each other, it is exact however many come at once. The price: every user of the day makes the item 0.1 KB
 * longer, a write costs a unit per KB, and an item takes 1,000 units a second and 400 KB at most. A tenant of which 100
 * users are active in a day may ask some 90 times a second; at 4,000 its item is full, and new users are refused.
 *
 * A tenant's plan lies beside its days. Until there is a command for it, an operator puts it there, with limits of the
 * tenant's own where it has any: `{ tenant_id, entry: 'plan', plan: 'pro', limits: { requestsPerMinutePerUser: 20 } }`.
 *
 * The SDK repeats a write whose answer was lost: such a request may count twice, and never not at all.
 */
export const usageStore = (tableName: string): UsageStore => ({
  async count(step) {
    try {
      const { Attributes = {} } = await aws.dynamoDb.send(new UpdateCommand(usageUpdate(tableName, step)));
      return { isCounted: true, tally: tallyOf(Attributes, step.caller) };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { isCounted: false, tally: tallyOf(unmarshalled(error.Item ?? {}), step.caller) };
    }
  },

  giveBack: (caller, day, predictions) => giveBack(tableName, { caller, day, predictions }),

  async plan(tenantId) {
    const { partitionKey, sortKey, planEntry } = usageTable;
    const key = { [partitionKey]: tenantId, [sortKey]: planEntry };
    const { Item } = await aws.dynamoDb.send(new GetCommand({ TableName: tableName, Key: key }));
    return Item && planAssignmentSchema.parse(Item);
  },

  days: (tenantId, from, to) => queryDays(tableName, { tenantId, from, to }),
});

type Attributes = Readonly<Record<string, unknown>>;

function tallyOf(item: Attributes, { userId }: Caller): Tally {
  const count = (name: string, from: Attributes = item): number => Number(from[name] ?? 0);
  const minuteUsers = item[dayAttributes.minuteUsers] as Attributes | undefined;
  return {
    minute: item[dayAttributes.minute] as string | undefined,
    requests: { user: count(userId, minuteUsers), tenant: count(dayAttributes.minuteRequests) },
    predictions: { user: count(userPredictions(userId)), tenant: count(dayAttributes.predictions) },
  };
}

/** The document client leaves the item that an error carries as it came. A day holds numbers, texts and one map. */
const unmarshalled = (item: Readonly<Record<string, AttributeValue>>): Attributes =>
  Object.fromEntries(
    Object.entries(item).map(([name, { N, S, M }]) => [name, M ? unmarshalled(M) : N === undefined ? S : Number(N)]),
  );

interface Taken {
  readonly caller: Caller;
  readonly day: string;
  readonly predictions: number;
}

async function giveBack(tableName: string, { caller, day, predictions }: Taken): Promise<void> {
  await aws.dynamoDb.send(
    new UpdateCommand({
      TableName: tableName,
      Key: dayKey(caller.tenantId, day),
      UpdateExpression: 'ADD #predictions :back, #userPredictions :back',
      ExpressionAttributeNames: {
        '#predictions': dayAttributes.predictions,
        '#userPredictions': userPredictions(caller.userId),
      },
      ExpressionAttributeValues: { ':back': -predictions },
    }),
  );
}

interface Span {
  readonly tenantId: string;
  readonly from: string;
  readonly to: string;
}

async function queryDays(tableName: string, span: Span): Promise<UsageDay[]> {
  const days: UsageDay[] = [];
  let startKey: QueryCommandInput['ExclusiveStartKey'];
  do {
    const query = { ...queryOf(tableName, span), ExclusiveStartKey: startKey };
    const { Items = [], LastEvaluatedKey } = await aws.dynamoDb.send(new QueryCommand(query));
    days.push(...Items.map(usageDay));
    startKey = LastEvaluatedKey;
  } while (startKey);
  return days;
}

const queryOf = (tableName: string, { tenantId, from, to }: Span): QueryCommandInput => ({
  TableName: tableName,
  KeyConditionExpression: '#tenant = :tenant AND #entry BETWEEN :from AND :to',
  ExpressionAttributeNames: { '#tenant': usageTable.partitionKey, '#entry': usageTable.sortKey },
  ExpressionAttributeValues: {
    ':tenant': tenantId,
    ':from': `${usageTable.dayPrefix}${from}`,
    ':to': `${usageTable.dayPrefix}${to}`,
  },
});

function usageDay(item: Attributes): UsageDay {
  const count = (name: string): number => Number(item[name] ?? 0);
  const prefixes = [userRequests(''), userPredictions('')];
  const names = Object.keys(item).filter((name) => prefixes.some((prefix) => name.startsWith(prefix)));
  const userIds = [...new Set(names.map((name) => name.slice(userRequests('').length)))].sort();
  return {
    day: String(item[usageTable.sortKey]).slice(usageTable.dayPrefix.length),
    requests: count(dayAttributes.requests),
    predictions: count(dayAttributes.predictions),
    users: userIds.map((user_id) => ({
      user_id,
      requests: count(userRequests(user_id)),
      predictions: count(userPredictions(user_id)),
    })),
  };
}
