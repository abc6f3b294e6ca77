import { setTimeout as pause } from 'node:timers/promises';
import { AwsError } from '../aws-json.ts';
import type { Engine } from './engine.ts';
import type { TableSettings } from './table-settings.ts';

export interface TableDescription {
  readonly TableName: string;
  readonly TableArn: string;
  readonly TableStatus: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
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
    this.#settings.forget(TableName);
    while (await this.#exists(TableName)) await pause(1);
    return output;
  }

  async #exists(tableName: string): Promise<boolean> {
    try {
      await this.describe(tableName);
      return true;
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return false;
      throw error;
    }
  }

  #completed<T extends TableDescription>(table: T): T & { DeletionProtectionEnabled: boolean } {
    return { ...table, DeletionProtectionEnabled: this.#settings.of(table.TableName).deletionProtection ?? false };
  }
}

const deletionProtected = () =>
  new AwsError(
    'ValidationException',
    'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
  );
