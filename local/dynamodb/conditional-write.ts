import { AwsError } from '../aws-json.ts';
import { type Item, pick } from './attributes.ts';
import type { Engine } from './engine.ts';
import type { Tables } from './tables.ts';

export interface WriteInput {
  readonly TableName: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
}

/** The key of the item that a write is about. */
export async function keyOf(tables: Tables, { TableName, Item, Key }: WriteInput): Promise<Item> {
  return Key ?? pick(Item ?? {}, await tables.keyNames(TableName));
}

export async function readItem(engine: Engine, TableName: string, Key: Item): Promise<Item | undefined> {
  const { Item } = await engine.call<{ Item?: Item }>('GetItem', { TableName, Key, ConsistentRead: true });
  return Item;
}

/**
 * Runs a PutItem, UpdateItem or DeleteItem that, when its condition fails, shows the item that made it fail. Nothing
 * else may write meanwhile.
 */
export async function conditionalWrite(
  { engine, tables }: { readonly engine: Engine; readonly tables: Tables },
  operation: string,
  { ReturnValuesOnConditionCheckFailure, ...input }: WriteInput,
): Promise<object> {
  try {
    return await engine.call(operation, input);
  } catch (error) {
    const isFailedCheck = error instanceof AwsError && error.code === 'ConditionalCheckFailedException';
    if (!isFailedCheck || ReturnValuesOnConditionCheckFailure !== 'ALL_OLD') throw error;
    const item = await readItem(engine, input.TableName, await keyOf(tables, input));
    throw new AwsError(error.code, error.message, { members: item ? { Item: item } : {} });
  }
}
