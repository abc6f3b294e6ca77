import type { Item } from './attributes.ts';
import type { Engine } from './engine.ts';
import { assertDistinct, assertItemCount } from './transaction-rules.ts';

interface TransactGetInput {
  readonly TransactItems: readonly { readonly Get: { readonly TableName: string; readonly Key: Item } }[];
}

/** Reads items as they are at one moment: nothing may write meanwhile. */
export async function transactGet(engine: Engine, { TransactItems }: TransactGetInput): Promise<object> {
  assertItemCount(TransactItems);
  assertDistinct(TransactItems.map(({ Get }) => [Get.TableName, Get.Key]));
  const gets = TransactItems.map(({ Get }) =>
    engine.call<{ Item?: Item }>('GetItem', { ...Get, ConsistentRead: true }),
  );
  const outputs = await Promise.all(gets);
  return { Responses: outputs.map(({ Item }) => (Item ? { Item } : {})) };
}
