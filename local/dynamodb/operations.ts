import type { AwsOperation } from '../aws-json.ts';
import type { Clock } from '../service.ts';
import { conditionalWrite } from './conditional-write.ts';
import { ContinuousBackups } from './continuous-backups.ts';
import type { Engine } from './engine.ts';
import { IdempotencyTokens } from './idempotency-tokens.ts';
import type { ReadWriteLock } from './read-write-lock.ts';
import type { TableSettings } from './table-settings.ts';
import type { Tables } from './tables.ts';
import type { TimeToLive } from './time-to-live.ts';
import { transactGet } from './transact-get.ts';
import { transactWrite } from './transact-write.ts';

export interface OperationParts {
  readonly engine: Engine;
  readonly tables: Tables;
  readonly settings: TableSettings;
  readonly timeToLive: TimeToLive;
  readonly lock: ReadWriteLock;
  readonly now: Clock;
}

/** The operations that the engine lacks, or does not finish; all others pass it untouched. */
export function operations(parts: OperationParts): Readonly<Record<string, AwsOperation>> {
  const { engine, tables, timeToLive, lock } = parts;
  const backups = new ContinuousBackups(tables, parts.settings);
  const tokens = new IdempotencyTokens(parts.now);
  const write =
    (operation: string): AwsOperation =>
    (input) =>
      lock.exclusive(() => conditionalWrite(parts, operation, input));
  return {
    TransactWriteItems: ({ ClientRequestToken, ...input }) =>
      lock.exclusive(() => tokens.once(ClientRequestToken, input, () => transactWrite(engine, tables, input))),
    TransactGetItems: (input) => lock.exclusive(() => transactGet(engine, input)),
    PutItem: write('PutItem'),
    UpdateItem: write('UpdateItem'),
    DeleteItem: write('DeleteItem'),
    CreateTable: (input) => lock.exclusive(() => tables.create(input)),
    UpdateTable: (input) => lock.exclusive(() => tables.update(input)),
    DeleteTable: (input) => lock.exclusive(() => tables.delete(input)),
    DescribeTable: ({ TableName }) => lock.shared(async () => ({ Table: await tables.describe(TableName) })),
    UpdateTimeToLive: (input) => lock.shared(() => timeToLive.update(input)),
    DescribeTimeToLive: (input) => lock.shared(() => timeToLive.describe(input)),
    UpdateContinuousBackups: (input) => lock.shared(() => backups.update(input)),
    DescribeContinuousBackups: (input) => lock.shared(() => backups.describe(input)),
    DescribeLimits: () => ACCOUNT_LIMITS,
  };
}

/** The default quotas of an account in us-east-1. */
const ACCOUNT_LIMITS = {
  AccountMaxReadCapacityUnits: 80_000,
  AccountMaxWriteCapacityUnits: 80_000,
  TableMaxReadCapacityUnits: 40_000,
  TableMaxWriteCapacityUnits: 40_000,
};
