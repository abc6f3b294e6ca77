import { AwsError } from '../aws-json.ts';
import type { Clock } from '../service.ts';
import { type Item, pick } from './attributes.ts';
import type { Engine } from './engine.ts';
import type { ReadWriteLock } from './read-write-lock.ts';
import type { TableSettings } from './table-settings.ts';
import type { Tables } from './tables.ts';

interface UpdateTimeToLiveInput {
  readonly TableName: string;
  readonly TimeToLiveSpecification: { readonly Enabled: boolean; readonly AttributeName: string };
}

interface TimeToLiveParts {
  readonly engine: Engine;
  readonly tables: Tables;
  readonly settings: TableSettings;
  readonly lock: ReadWriteLock;
  readonly now: Clock;
}

interface Page {
  readonly Items?: readonly Item[];
  readonly LastEvaluatedKey?: Item;
}

/** DynamoDB leaves items alone that expired longer ago: their attribute hardly was an expiry. */
const FIVE_YEARS_SECONDS = 5 * 365 * 24 * 3600;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html */
export class TimeToLive {
  readonly #engine: Engine;
  readonly #tables: Tables;
  readonly #settings: TableSettings;
  readonly #lock: ReadWriteLock;
  readonly #now: Clock;

  constructor({ engine, tables, settings, lock, now }: TimeToLiveParts) {
    this.#engine = engine;
    this.#tables = tables;
    this.#settings = settings;
    this.#lock = lock;
    this.#now = now;
  }

  async update({ TableName, TimeToLiveSpecification }: UpdateTimeToLiveInput): Promise<object> {
    await this.#tables.describe(TableName);
    const { Enabled, AttributeName } = TimeToLiveSpecification;
    if (Enabled === (this.#settings.of(TableName).ttlAttribute !== undefined)) {
      throw new AwsError('ValidationException', `TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
    }
    this.#settings.change(TableName, { ttlAttribute: Enabled ? AttributeName : undefined });
    return { TimeToLiveSpecification };
  }

  async describe({ TableName }: { readonly TableName: string }): Promise<object> {
    await this.#tables.describe(TableName);
    const AttributeName = this.#settings.of(TableName).ttlAttribute;
    return {
      TimeToLiveDescription: AttributeName
        ? { TimeToLiveStatus: 'ENABLED', AttributeName }
        : { TimeToLiveStatus: 'DISABLED' },
    };
  }

  /** Deletes what has expired, in all tables. It reads them whole, as the engine has no index of expiries. */
  async sweep(signal: AbortSignal): Promise<void> {
    for (const [tableName, { ttlAttribute }] of this.#settings.all()) {
      if (ttlAttribute) await this.#sweepTable(tableName, ttlAttribute, signal);
    }
  }

  /** Takes the lock for a page or an item at a time, so that nobody waits for the whole. */
  async #sweepTable(TableName: string, ttlAttribute: string, signal: AbortSignal): Promise<void> {
    const keyNames = await this.#tables.keyNames(TableName);
    const { expression, ...placeholders } = expiredBefore(Math.floor(this.#now() / 1000), ttlAttribute);
    let ExclusiveStartKey: Item | undefined;
    do {
      const input = { TableName, FilterExpression: expression, ...placeholders, ExclusiveStartKey };
      const page = await this.#lock.shared(() => this.#engine.call<Page>('Scan', input));
      for (const item of page.Items ?? []) {
        if (signal.aborted) return;
        await this.#delete({ TableName, Key: pick(item, keyNames), ConditionExpression: expression, ...placeholders });
      }
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey && !signal.aborted);
  }

  /** On condition that it is still expired: it may have been renewed since it was read. */
  async #delete(input: object): Promise<void> {
    try {
      await this.#lock.shared(() => this.#engine.call('DeleteItem', input));
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ConditionalCheckFailedException') throw error;
    }
  }
}

const expiredBefore = (nowSeconds: number, ttlAttribute: string) => ({
  expression: 'attribute_type(#ttl, :number) AND #ttl < :now AND #ttl > :fiveYearsAgo',
  ExpressionAttributeNames: { '#ttl': ttlAttribute },
  ExpressionAttributeValues: {
    ':number': { S: 'N' },
    ':now': { N: String(nowSeconds) },
    ':fiveYearsAgo': { N: String(nowSeconds - FIVE_YEARS_SECONDS) },
  },
});
