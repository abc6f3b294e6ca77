import { AwsError } from '../aws-json.ts';
import type { Item } from './attributes.ts';
import { keyOf, readItem, type WriteInput } from './conditional-write.ts';
import type { Engine } from './engine.ts';
import type { Tables } from './tables.ts';
import { assertDistinct, assertItemCount } from './transaction-rules.ts';

type Kind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

interface TransactWriteInput {
  readonly TransactItems: readonly Partial<Record<Kind, WriteInput>>[];
  readonly ReturnConsumedCapacity?: 'TOTAL' | 'INDEXES' | 'NONE';
}

interface Write {
  readonly kind: Kind;
  readonly input: WriteInput;
  readonly key: Item;
  /** The item before the transaction: what a rollback puts back. */
  readonly old: Item | undefined;
}

interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

const NO_REASON: Reason = { Code: 'None' };

/**
 * All writes, or none. The engine knows no transactions, so the writes are made one by one and taken back when one
 * fails; nothing else may run meanwhile. A process that is killed in between leaves half of them.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export async function transactWrite(
  engine: Engine,
  tables: Tables,
  { TransactItems, ReturnConsumedCapacity }: TransactWriteInput,
): Promise<object> {
  assertItemCount(TransactItems);
  const writes = await Promise.all(TransactItems.map((item) => prepare(engine, tables, item)));
  assertDistinct(writes.map(({ input, key }) => [input.TableName, key]));

  const { done, reasons } = await attempt(engine, writes);

  if (done.length < writes.length) {
    await rollBack(engine, done);
    throw cancelled(reasons);
  }
  return ReturnConsumedCapacity && ReturnConsumedCapacity !== 'NONE' ? { ConsumedCapacity: capacityOf(writes) } : {};
}

async function prepare(
  engine: Engine,
  tables: Tables,
  item: TransactWriteInput['TransactItems'][number],
): Promise<Write> {
  const [kind, input] = Object.entries(item)[0] as [Kind, WriteInput];
  const key = await keyOf(tables, input);
  return { kind, input, key, old: await readItem(engine, input.TableName, key) };
}

/** Tries every write, also after one has failed: the caller learns the reason of each. */
async function attempt(engine: Engine, writes: readonly Write[]) {
  const done: Write[] = [];
  const reasons: Reason[] = [];
  for (const write of writes) {
    try {
      await run(engine, write);
      done.push(write);
      reasons.push(NO_REASON);
    } catch (error) {
      const reason = reasonOf(error, write);
      if (!reason) {
        await rollBack(engine, done);
        throw error;
      }
      reasons.push(reason);
    }
  }
  return { done, reasons };
}

function run(engine: Engine, { kind, input, key, old }: Write): Promise<object> {
  const { ReturnValuesOnConditionCheckFailure: _, ...rest } = input;
  if (kind !== 'ConditionCheck') return engine.call(`${kind}Item`, rest);
  // A check is a write that changes nothing, on the same condition.
  const { Key, ...condition } = rest;
  return old
    ? engine.call('PutItem', { ...condition, Item: old })
    : engine.call('DeleteItem', { ...condition, Key: key });
}

/** Refused because of what the item is, not of what the request says: that cancels, and is not the caller's mistake. */
const ITEM_DOES_NOT_FIT = /incorrect data type|does not exist in the item|Item size/;

function reasonOf(error: unknown, { input, old }: Write): Reason | undefined {
  if (!(error instanceof AwsError)) return undefined;
  if (error.code === 'ConditionalCheckFailedException') {
    const shown = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && old ? { Item: old } : {};
    return { Code: 'ConditionalCheckFailed', Message: error.message, ...shown };
  }
  const isOfItem = error.code === 'ValidationException' && ITEM_DOES_NOT_FIT.test(error.message);
  return isOfItem ? { Code: 'ValidationError', Message: error.message } : undefined;
}

async function rollBack(engine: Engine, done: readonly Write[]): Promise<void> {
  for (const { input, key, old } of done) {
    const { TableName } = input;
    if (old) await engine.call('PutItem', { TableName, Item: old });
    else await engine.call('DeleteItem', { TableName, Key: key });
  }
}

function cancelled(reasons: readonly Reason[]): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { members: { CancellationReasons: reasons } },
  );
}

/** Two units for each item of at most 1 KB; larger ones are not weighed. */
function capacityOf(writes: readonly Write[]): object[] {
  const byTable = Map.groupBy(writes, ({ input }) => input.TableName);
  return [...byTable].map(([TableName, { length }]) => ({
    TableName,
    CapacityUnits: 2 * length,
    WriteCapacityUnits: 2 * length,
  }));
}
