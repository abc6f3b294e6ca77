import { setTimeout as pause } from 'node:timers/promises';
import { AwsError } from '../aws-json.ts';
import type { Engine } from './engine.ts';
import type { TableSettings } from './table-settings.ts';

export interface TableDescription {
  readonly TableName: string;
  readonly TableArn: string;
  readonly TableStatus: string;
  readonly KeySchema: KeySchema;
  readonly GlobalSecondaryIndexes?: readonly IndexDescription[];
  readonly LocalSecondaryIndexes?: readonly IndexDescription[];
}

type KeySchema = readonly { readonly AttributeName: string }[];

interface IndexDescription {
  readonly IndexName: string;
  readonly KeySchema: KeySchema;
}

interface CreateTableInput {
  readonly TableName: string;
  readonly DeletionProtectionEnabled?: boolean;
  readonly Tags?: readonly object[];
}

interface UpdateTableInput {
  readonly TableName: string;
  readonly DeletionProtectionEnabled?: boolean;
  readonly GlobalSecondaryIndexUpdates?: readonly { readonly Create?: object; readonly Delete?: object }[];
}

/** What the engine's table operations leave out: deletion protection, tags at creation, and the wait for a table. */
export class Tables {
  readonly #engine: Engine;
  readonly #settings: TableSettings;
  readonly #keyNames = new Map<string, readonly string[]>();
  readonly #partitionKeys = new Map<string, string>();

  constructor(engine: Engine, settings: TableSettings) {
    this.#engine = engine;
    this.#settings = settings;
  }

  /** @throws {AwsError} ResourceNotFoundException */
  async describe(TableName: string): Promise<TableDescription> {
    const { Table } = await this.#engine.call<{ Table: TableDescription }>('DescribeTable', { TableName });
    return this.#completed(Table);
  }

  /** The names of the key attributes of a table, partition key first. */
  async keyNames(tableName: string): Promise<readonly string[]> {
    const known = this.#keyNames.get(tableName);
    if (known) return known;
    const { KeySchema } = await this.describe(tableName);
    const names = KeySchema.map(({ AttributeName }) => AttributeName);
    this.#keyNames.set(tableName, names);
    return names;
  }

  /** The attribute that a table, or an index of it, is partitioned by; undefined where there is none of that name. */
  async partitionKey(tableName: string, indexName?: string): Promise<string | undefined> {
    const place = `${tableName}/${indexName ?? ''}`;
    const known = this.#partitionKeys.get(place);
    if (known) return known;
    const table = await this.#find(tableName);
    const indexes = [...(table?.GlobalSecondaryIndexes ?? []), ...(table?.LocalSecondaryIndexes ?? [])];
    const keyed = indexName === undefined ? table : indexes.find(({ IndexName }) => IndexName === indexName);
    const name = keyed?.KeySchema[0]?.AttributeName;
    if (name !== undefined) this.#partitionKeys.set(place, name);
    return name;
  }

  /** Returns when the table is there, though it is described as it is on AWS: still being created. */
  async create(input: CreateTableInput): Promise<object> {
    const { TableName, DeletionProtectionEnabled = false, Tags } = input;
    const { TableDescription } = await this.#engine.call<{ TableDescription: TableDescription }>('CreateTable', input);
    while ((await this.describe(TableName)).TableStatus !== 'ACTIVE') await pause(1);
    if (Tags?.length) await this.#engine.call('TagResource', { ResourceArn: TableDescription.TableArn, Tags });
    this.#settings.change(TableName, { deletionProtection: DeletionProtectionEnabled });
    return { TableDescription: this.#completed(TableDescription) };
  }

  async update(input: UpdateTableInput): Promise<object> {
    const { TableName, DeletionProtectionEnabled, ...rest } = input;
    await this.describe(TableName);
    if (rest.GlobalSecondaryIndexUpdates?.some((update) => update.Create ?? update.Delete)) {
      throw new AwsError(
        'UnknownOperationException',
        'UpdateTable adds and deletes no index here: create the table anew',
      );
    }
    if (DeletionProtectionEnabled !== undefined) {
      this.#settings.change(TableName, { deletionProtection: DeletionProtectionEnabled });
      if (Object.keys(rest).length === 0) return { TableDescription: await this.describe(TableName) };
    }
    return this.#engine.call('UpdateTable', { TableName, ...rest });
  }

  /** Returns when the table is gone. @throws {AwsError} ValidationException where it is protected */
  async delete(input: { readonly TableName: string }): Promise<object> {
    const { TableName } = input;
    if (this.#settings.of(TableName).deletionProtection) throw deletionProtected();
    const output = await this.#engine.call<object>('DeleteTable', input);
    this.#keyNames.delete(TableName);
    this.#partitionKeys.clear();
    this.#settings.forget(TableName);
    while (await this.#find(TableName)) await pause(1);
    return output;
  }

  async #find(tableName: string): Promise<TableDescription | undefined> {
    try {
      return await this.describe(tableName);
    } catch (error) {
      if (error instanceof AwsError && NO_SUCH_TABLE.has(error.code)) return undefined;
      throw error;
    }
  }

  #completed<T extends TableDescription>(table: T): T & { DeletionProtectionEnabled: boolean } {
    return { ...table, DeletionProtectionEnabled: this.#settings.of(table.TableName).deletionProtection ?? false };
  }
}

/** A name that no table may have is refused as not valid. */
const NO_SUCH_TABLE = new Set(['ResourceNotFoundException', 'ValidationException']);

const deletionProtected = () =>
  new AwsError(
    'ValidationException',
    'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
  );
