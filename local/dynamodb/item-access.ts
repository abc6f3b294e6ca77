import type { AccessRequest, Context } from '../iam/index.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';
import type { Item } from './attributes.ts';
import { keyText, type QueryInput, queriedKeys } from './leading-keys.ts';

/** An input, as far as access follows from it. */
export interface TableInput extends QueryInput {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly Select?: string;
  readonly ReturnValues?: string;
  readonly ReturnConsumedCapacity?: string;
}

/** Names the attribute that a table or an index is partitioned by; undefined where there is no such table. */
export type PartitionKeyOf = (tableName: string, indexName?: string) => Promise<string | undefined>;

export const tableArn = (name: string): string => `arn:aws:dynamodb:${LOCAL_REGION}:${LOCAL_ACCOUNT}:table/${name}`;

/** What an operation on items of one table asks for. @param items their keys, at least */
export async function itemAccess(
  partitionKeyOf: PartitionKeyOf,
  action: string,
  input: TableInput,
  items: readonly Item[] = [input.Key ?? input.Item ?? {}],
): Promise<AccessRequest> {
  const { TableName = '' } = input;
  const partitionKey = await partitionKeyOf(TableName);
  const keys = partitionKey === undefined ? [] : items.flatMap((item) => keyText(item[partitionKey]) ?? []);
  return { action: `dynamodb:${action}`, resource: tableArn(TableName), context: contextOf(action, input, keys) };
}

/** What a query asks for: of an index, the index alone. */
export async function queryAccess(partitionKeyOf: PartitionKeyOf, input: TableInput): Promise<AccessRequest> {
  const { TableName = '', IndexName } = input;
  const partitionKey = await partitionKeyOf(TableName, IndexName);
  const keys = partitionKey === undefined ? [] : queriedKeys(input, partitionKey);
  return { action: 'dynamodb:Query', resource: listedArn(input), context: contextOf('Query', input, keys) };
}

/** A scan has no leading keys: it reads them all. */
export const scanAccess = (input: TableInput): AccessRequest => ({
  action: 'dynamodb:Scan',
  resource: listedArn(input),
  context: contextOf('Scan', input, []),
});

const listedArn = ({ TableName = '', IndexName }: TableInput): string =>
  IndexName ? `${tableArn(TableName)}/index/${IndexName}` : tableArn(TableName);

const SELECT = new Set(['GetItem', 'Query', 'Scan', 'BatchGetItem']);
const RETURN_VALUES = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

function contextOf(action: string, input: TableInput, leadingKeys: readonly string[]): Context {
  const { Select, ReturnValues, ReturnConsumedCapacity } = input;
  return {
    ...(leadingKeys.length > 0 ? { 'dynamodb:LeadingKeys': leadingKeys } : {}),
    ...(ReturnConsumedCapacity ? { 'dynamodb:ReturnConsumedCapacity': ReturnConsumedCapacity } : {}),
    ...(Select && SELECT.has(action) ? { 'dynamodb:Select': Select } : {}),
    ...(ReturnValues && RETURN_VALUES.has(action) ? { 'dynamodb:ReturnValues': ReturnValues } : {}),
  };
}
