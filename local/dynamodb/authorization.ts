import type { AccessRequest, OperationAccess, RefusalStyle } from '../iam/index.ts';
import type { Item } from './attributes.ts';
import { itemAccess, type PartitionKeyOf, queryAccess, scanAccess, type TableInput, tableArn } from './item-access.ts';

export const refusalStyle: RefusalStyle = { status: 400 };

type TableRequests = { readonly Keys?: readonly Item[] } | readonly WriteRequest[];

interface WriteRequest {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

interface BatchInput {
  readonly RequestItems?: Readonly<Record<string, TableRequests>>;
  readonly ReturnConsumedCapacity?: string;
}

interface TransactInput {
  readonly TransactItems?: readonly Readonly<Record<string, TableInput>>[];
}

/** What each operation asks for, but for those on items. */
const tableAccess: OperationAccess = {
  CreateTable: ofTable('CreateTable'),
  UpdateTable: ofTable('UpdateTable'),
  DeleteTable: ofTable('DeleteTable'),
  DescribeTable: ofTable('DescribeTable'),
  UpdateTimeToLive: ofTable('UpdateTimeToLive'),
  DescribeTimeToLive: ofTable('DescribeTimeToLive'),
  UpdateContinuousBackups: ofTable('UpdateContinuousBackups'),
  DescribeContinuousBackups: ofTable('DescribeContinuousBackups'),
  ListTables: () => [{ action: 'dynamodb:ListTables', resource: '*' }],
  DescribeLimits: () => [{ action: 'dynamodb:DescribeLimits', resource: '*' }],
  TagResource: ofArn('TagResource'),
  UntagResource: ofArn('UntagResource'),
  ListTagsOfResource: ofArn('ListTagsOfResource'),
};

/**
 * What each operation asks for: a batch its own action at every table, a transaction the action of every part.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function operationAccess(partitionKeyOf: PartitionKeyOf): OperationAccess {
  const onItem = (action: string) => async (input: TableInput) => [await itemAccess(partitionKeyOf, action, input)];
  const batch = (action: string) => (input: BatchInput) =>
    Promise.all(
      Object.entries(input.RequestItems ?? {}).map(([TableName, requests]) =>
        itemAccess(partitionKeyOf, action, { ...input, TableName }, itemsOf(requests)),
      ),
    );
  const transaction =
    (operation: string) =>
    ({ TransactItems = [] }: TransactInput) =>
      Promise.all(TransactItems.map((part) => partAccess(partitionKeyOf, operation, part)));
  return {
    ...tableAccess,
    GetItem: onItem('GetItem'),
    PutItem: onItem('PutItem'),
    UpdateItem: onItem('UpdateItem'),
    DeleteItem: onItem('DeleteItem'),
    BatchGetItem: batch('BatchGetItem'),
    BatchWriteItem: batch('BatchWriteItem'),
    TransactGetItems: transaction('TransactGetItems'),
    TransactWriteItems: transaction('TransactWriteItems'),
    Query: async (input) => [await queryAccess(partitionKeyOf, input)],
    Scan: (input) => [scanAccess(input)],
  };
}

/** What a transaction calls its parts, and the actions that allow them. */
const PARTS: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

/** All parts but checks are told what call they are a part of. */
async function partAccess(
  partitionKeyOf: PartitionKeyOf,
  operation: string,
  part: Readonly<Record<string, TableInput>>,
): Promise<AccessRequest> {
  const [kind = '', input = {}] = Object.entries(part)[0] ?? [];
  const access = await itemAccess(partitionKeyOf, PARTS[kind] ?? kind, input);
  if (kind === 'ConditionCheck') return access;
  return { ...access, context: { ...access.context, 'dynamodb:EnclosingOperation': operation } };
}

/** The items, or their keys, of one table's part of a batch. */
function itemsOf(requests: TableRequests): readonly Item[] {
  if ('Keys' in requests) return requests.Keys ?? [];
  return (requests as readonly WriteRequest[]).map(
    ({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key ?? {},
  );
}

function ofTable(action: string) {
  return ({ TableName = '' }: TableInput): AccessRequest[] => [
    { action: `dynamodb:${action}`, resource: tableArn(TableName) },
  ];
}

function ofArn(action: string) {
  return ({ ResourceArn = '' }: { ResourceArn?: string }): AccessRequest[] => [
    { action: `dynamodb:${action}`, resource: ResourceArn },
  ];
}
