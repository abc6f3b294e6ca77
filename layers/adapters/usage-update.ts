import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { usageTable } from '@kilat/contracts';
import type { Caller, UsageStep } from '@kilat/core';

/** The attributes of a tenant's day. Users' counters bear short names: there are two for each user. */
export const dayAttributes = {
  requests: 'requests',
  predictions: 'predictions',
  /** the minute that runs, its requests, and those of each user in it */
  minute: 'minute',
  minuteRequests: 'minute_requests',
  minuteUsers: 'minute_users',
} as const;

export const userRequests = (userId: string): string => `r#${userId}`;
export const userPredictions = (userId: string): string => `p#${userId}`;

export const dayKey = (tenantId: string, day: string): Record<string, string> => ({
  [usageTable.partitionKey]: tenantId,
  [usageTable.sortKey]: `${usageTable.dayPrefix}${day}`,
});

/** A year, and time to look at it. */
const RETENTION_SECONDS = 400 * 86_400;

/** Some counters: how they change, on which condition, and what the placeholders stand for. */
interface Part {
  readonly set?: readonly string[];
  readonly add?: readonly string[];
  readonly conditions?: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The one conditional write that counts a step. */
export function usageUpdate(tableName: string, step: UsageStep): UpdateCommandInput {
  const { caller, day } = step;
  const parts = [
    expiry(day),
    ...(step.request ? [minutePart(step), requestOfDay(caller)] : []),
    ...(step.predictions > 0 ? [predictionsOfDay(step)] : []),
  ];
  const all = (list: 'set' | 'add' | 'conditions'): string[] => parts.flatMap((part) => part[list] ?? []);
  return {
    TableName: tableName,
    Key: dayKey(caller.tenantId, day),
    UpdateExpression: `SET ${all('set').join(', ')} ADD ${all('add').join(', ')}`,
    ConditionExpression: all('conditions').join(' AND '),
    ExpressionAttributeNames: Object.assign({}, ...parts.map(({ names }) => names)),
    ExpressionAttributeValues: Object.assign({}, ...parts.map(({ values }) => values)),
    ReturnValues: 'UPDATED_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

const expiry = (day: string): Part => ({
  set: ['#expiresAt = :expiresAt'],
  names: { '#expiresAt': usageTable.timeToLive },
  values: { ':expiresAt': Date.parse(day) / 1000 + RETENTION_SECONDS },
});

const minuteNames = {
  '#minute': dayAttributes.minute,
  '#minuteRequests': dayAttributes.minuteRequests,
  '#minuteUsers': dayAttributes.minuteUsers,
};

const minutePart = (step: UsageStep): Part => (step.request!.opens ? openingMinute(step) : joiningMinute(step));

/** Forgets the minute before. A plan allows one request at least, so the first is never one too many. */
const openingMinute = ({ caller, request }: UsageStep): Part => ({
  set: ['#minute = :minute', '#minuteRequests = :one', '#minuteUsers = :firstUser'],
  conditions: ['(attribute_not_exists(#minute) OR #minute < :minute)'],
  names: minuteNames,
  values: { ':minute': request!.minute, ':one': 1, ':firstUser': { [caller.userId]: 1 } },
});

const joiningMinute = ({ caller, plan, request }: UsageStep): Part => ({
  set: [
    '#minuteRequests = #minuteRequests + :one',
    '#minuteUsers.#user = if_not_exists(#minuteUsers.#user, :zero) + :one',
  ],
  conditions: [
    '#minute >= :minute',
    '#minuteRequests < :tenantMinute',
    '(attribute_not_exists(#minuteUsers.#user) OR #minuteUsers.#user < :userMinute)',
  ],
  names: { ...minuteNames, '#user': caller.userId },
  values: {
    ':minute': request!.minute,
    ':one': 1,
    ':zero': 0,
    ':tenantMinute': plan.requestsPerMinutePerTenant,
    ':userMinute': plan.requestsPerMinutePerUser,
  },
});

const requestOfDay = ({ userId }: Caller): Part => ({
  add: ['#requests :one', '#userRequests :one'],
  names: { '#requests': dayAttributes.requests, '#userRequests': userRequests(userId) },
  values: { ':one': 1 },
});

const predictionsOfDay = ({ caller, plan, predictions }: UsageStep): Part => ({
  add: ['#predictions :predictions', '#userPredictions :predictions'],
  conditions: [
    '(attribute_not_exists(#predictions) OR #predictions <= :tenantDay)',
    '(attribute_not_exists(#userPredictions) OR #userPredictions <= :userDay)',
  ],
  names: { '#predictions': dayAttributes.predictions, '#userPredictions': userPredictions(caller.userId) },
  values: {
    ':predictions': predictions,
    ':tenantDay': plan.predictionsPerDayPerTenant - predictions,
    ':userDay': plan.predictionsPerDayPerUser - predictions,
  },
});
