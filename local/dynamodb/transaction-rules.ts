import { AwsError } from '../aws-json.ts';
import { type Item, pick } from './attributes.ts';

const MAX_ITEMS = 100;

export function assertItemCount(items: readonly unknown[] | undefined): asserts items {
  const length = items?.length ?? 0;
  if (length >= 1 && length <= MAX_ITEMS) return;
  const bound = length === 0 ? 'greater than or equal to 1' : `less than or equal to ${MAX_ITEMS}`;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${bound}`,
  );
}

export function assertDistinct(items: readonly (readonly [tableName: string, key: Item])[]): void {
  const seen = new Set(
    items.map(([tableName, key]) => JSON.stringify([tableName, pick(key, Object.keys(key).sort())])),
  );
  if (seen.size < items.length) {
    throw new AwsError('ValidationException', 'Transaction request cannot include multiple operations on one item');
  }
}
