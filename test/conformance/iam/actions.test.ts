import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { describe, expect, it } from 'vitest';
import { operationAccess as cloudWatchAccess } from '../../../local/cloudwatch/authorization.ts';
import { operationAccess as cognitoAccess } from '../../../local/cognito/authorization.ts';
import { operationAccess as dynamoDbAccess } from '../../../local/dynamodb/authorization.ts';
import { operationAccess as eventsAccess } from '../../../local/eventbridge/authorization.ts';
import { Buses } from '../../../local/eventbridge/buses.ts';
import { filledConditionKeys } from '../../../local/iam/condition-keys.ts';
import { type AccessRequest, operator, roleSession, servicePrincipal } from '../../../local/iam/index.ts';
import { ACTIONS, accessTo, type Operation } from '../../../local/lambda/authorization.ts';
import { everyRequest } from '../../../local/s3/access-check.ts';
import { operationAccess as s3Access } from '../../../local/s3/authorization.ts';
import type { S3Context } from '../../../local/s3/context.ts';
import type { S3Request } from '../../../local/s3/request.ts';
import { ROUTES } from '../../../local/s3/routes.ts';
import { operationAccess as schedulerAccess } from '../../../local/scheduler/authorization.ts';
import { schedulerOperations } from '../../../local/scheduler/operations.ts';
import { operationAccess as sqsAccess } from '../../../local/sqs/authorization.ts';
import type { QueueStore } from '../../../local/sqs/queues.ts';
import { operationAccess as statesAccess } from '../../../local/stepfunctions/authorization.ts';
import { projectRoot } from '../../support/shared-data.ts';

/** Every member that an access follows from, so that one input does for all operations. */
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:work';
const ofQueue = {
  QueueName: 'work',
  QueueUrl: 'http://127.0.0.1:1/000000000000/work',
  SourceArn: queueArn,
  DestinationArn: queueArn,
  TaskHandle: Buffer.from(JSON.stringify({ taskId: '1', sourceArn: queueArn })).toString('base64'),
};
const Key = { id: { S: 'a' } };
const ofTable = {
  TableName: 'history',
  IndexName: 'by-tenant',
  Key,
  Select: 'COUNT',
  ReturnValues: 'ALL_OLD',
  ReturnConsumedCapacity: 'TOTAL',
  KeyConditionExpression: 'id = :id',
  ExpressionAttributeValues: { ':id': Key.id },
  ResourceArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/history',
};
const ofItem = { ...ofTable, IndexName: undefined };
const ofTables = {
  ...ofTable,
  RequestItems: { history: { Keys: [Key] } },
  TransactItems: ['Get', 'Put', 'Update', 'Delete', 'ConditionCheck'].map((kind) => ({ [kind]: ofItem })),
};
const ofWrites = {
  ...ofTables,
  RequestItems: { history: [{ PutRequest: { Item: Key } }, { DeleteRequest: { Key } }] },
};
const ofRule = { Name: 'ended', Rule: 'ended', EventBusName: 'jobs' };
const ofEvents = { ...ofRule, Entries: [{ EventBusName: 'jobs', Source: 'kilat', DetailType: 'kilat.job.ended' }] };
const ofMachine = {
  name: 'training',
  stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:training',
  executionArn: 'arn:aws:states:us-east-1:000000000000:execution:training:first',
};
const ofAlarm = { Namespace: 'Kilat', AlarmName: 'late', AlarmNames: undefined };

const s3Request = (search: string, headers: Record<string, string> = {}): S3Request => ({
  method: 'PUT',
  path: '/photos/a/b.jpg',
  query: new URLSearchParams(search),
  headers: { 'x-amz-copy-source': 'inbox/c.jpg', ...headers },
  bucket: 'photos',
  key: 'a/b.jpg',
  body: (async function* () {})(),
});
const plain = s3Request('prefix=a/&delimiter=/&max-keys=10', {
  'x-amz-tagging': 'a=b',
  'x-amz-acl': 'private',
  'x-amz-metadata-directive': 'COPY',
  'x-amz-server-side-encryption': 'aws:kms',
  'x-amz-server-side-encryption-aws-kms-key-id': 'k',
  'x-amz-storage-class': 'STANDARD',
  'if-match': '"e"',
  'if-none-match': '*',
});
const s3 = { versions: { latest: () => ({ tags: [{ Key: 'a', Value: 'b' }] }), byId: () => undefined } };

const inputs: Readonly<Record<string, object>> = { BatchWriteItem: ofWrites, Query: ofTable, Scan: ofTable };
const inMemory = { findByArn: () => undefined } as unknown as QueueStore;
const cognitoOperations = ['AdminCreateUser', 'CreateUserPool', 'DescribeUserPool', 'ListUserPools', 'ListUsers'];

/** By operation, all that it may ask for. */
async function everyAccess(): Promise<[operation: string, requests: readonly AccessRequest[]][]> {
  const accesses = [
    [sqsAccess(inMemory), ofQueue],
    [dynamoDbAccess(async () => 'id'), ofTables],
    [eventsAccess(new Buses()), ofEvents],
    [statesAccess, ofMachine],
    [cloudWatchAccess, ofAlarm],
    [cognitoAccess(cognitoOperations), { UserPoolId: 'us-east-1_abc' }],
  ] as const;
  const ofJson = accesses.flatMap(([access, input]) =>
    Object.entries(access).map(
      async ([name, requestsOf]) => [name, await requestsOf(inputs[name] ?? input)] as [string, AccessRequest[]],
    ),
  );
  const ofS3 = Object.entries(s3Access).map(([name, requestsOf]): [string, AccessRequest[]] => [
    name,
    [plain, s3Request('versionId=v')]
      .flatMap((request) => requestsOf(request, s3 as unknown as S3Context))
      .map((request) => ({ ...request, context: { ...request.context, ...everyRequest, 's3:authType': 'POST' } })),
  ]);
  const fn = { arn: 'arn:aws:lambda:us-east-1:000000000000:function:echo', name: 'echo' } as never;
  const ofLambda = Object.keys(ACTIONS).map((name): [string, AccessRequest[]] => [
    name,
    [accessTo(name as Operation, name === 'ListFunctions' ? undefined : { fn, nameOrArn: 'echo' })],
  ]);
  const schedule = { name: 'weekly', query: new URLSearchParams(), body: {} };
  const ofScheduler = Object.entries(schedulerAccess).map(([name, requestOf]): [string, AccessRequest[]] => [
    name,
    [requestOf(schedule)],
  ]);
  return [...(await Promise.all(ofJson)), ...ofS3, ...ofLambda, ...ofScheduler];
}

const everything = await everyAccess();
const principal = roleSession('arn:aws:iam::000000000000:role/R', 'session');
const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

describe('what a call asks for', () => {
  it.each(everything)('is known to IAM as %s says it: actions, resources and condition keys', async (_, requests) => {
    const judged = await Promise.all(
      requests.map(async ({ action, resource, context = {} }) => {
        const contextVariables = { ...principal.context, ...context } as Record<string, string | string[]>;
        const request = { principal: principal.name, action, resource: { resource, accountId: '000000000000' } };
        const simulation = { request: { ...request, contextVariables }, identityPolicies: [{ name: 'all', policy }] };
        const empty = { serviceControlPolicies: [], resourceControlPolicies: [] };
        return { action, result: await runSimulation({ ...simulation, ...empty }, {}) };
      }),
    );

    for (const { action, result } of judged) {
      const ignored = result.resultType === 'single' ? result.result.ignoredContextKeys : [];
      expect([action, result]).toEqual([action, expect.objectContaining({ overallResult: 'Allowed' })]);
      expect([action, ignored]).toEqual([action, []]);
    }
  });

  it('is said of every operation that S3 serves', () => {
    const served = ROUTES.map(({ operation }) => operation);

    expect(served.filter((operation) => !(operation in s3Access))).toEqual([]);
  });

  it('is said of every operation that the engine of DynamoDB serves', () => {
    const files = readdirSync(join(projectRoot, 'node_modules/dynalite/actions'));
    const served = files.map((file) => file.charAt(0).toUpperCase() + file.slice(1).replace('.js', ''));
    const access = dynamoDbAccess(async () => undefined);

    expect(served.filter((operation) => !(operation in access))).toEqual([]);
  });

  it('is said of every operation that Scheduler serves', () => {
    const served = Object.keys(schedulerOperations({} as never));

    expect(served.filter((operation) => !(operation in schedulerAccess))).toEqual([]);
  });

  it('fills every condition key that policies may read, and no other', () => {
    const principals = [operator, principal, servicePrincipal('s3.amazonaws.com', 'arn:aws:s3:::photos')];
    const ofCalls = everything.flatMap(([, requests]) => requests.flatMap(({ context = {} }) => Object.keys(context)));
    const filled = new Set([...ofCalls, ...principals.flatMap(({ context }) => Object.keys(context))]);

    expect([...filled].sort()).toEqual([...filledConditionKeys].sort());
  });
});
