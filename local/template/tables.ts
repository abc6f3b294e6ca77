import { isDeepStrictEqual } from 'node:util';
import type {
  AttributeDefinition,
  DynamoDBClient,
  GlobalSecondaryIndex,
  GlobalSecondaryIndexDescription,
  KeySchemaElement,
  LocalSecondaryIndex,
  Projection,
  TableDescription,
  TimeToLiveSpecification,
} from '@aws-sdk/client-dynamodb';
import { LOCAL_REGION } from '../service.ts';
import { NotEmulatedError, ReplacementError } from './errors.ts';
import { physicalName } from './names.ts';
import { arn, type Identify, propertiesOf, type Resource } from './resource.ts';

export const tableIdentity: Identify = (resource) => {
  const name = resource.explicitName('TableName') ?? physicalName(resource, 255);
  return { physicalName: name, ref: name, attributes: { Arn: arn('dynamodb', `table/${name}`) } };
};

/** As a template gives an index, or a description of the table. */
type AnyIndex = Pick<GlobalSecondaryIndexDescription, 'IndexName' | 'KeySchema' | 'Projection'>;

interface Index {
  readonly IndexName: string;
  readonly KeySchema: KeySchemaElement[];
  readonly Projection: Projection;
}

/** What a replica of a global table says for itself, and a table of old for its whole. */
interface Protection {
  readonly DeletionProtectionEnabled?: boolean;
  readonly PointInTimeRecoverySpecification?: { readonly PointInTimeRecoveryEnabled?: boolean };
}

interface TableProperties extends Protection {
  readonly AttributeDefinitions: AttributeDefinition[];
  readonly KeySchema: KeySchemaElement[];
  readonly GlobalSecondaryIndexes?: readonly Index[];
  readonly LocalSecondaryIndexes?: readonly Index[];
  readonly StreamSpecification?: unknown;
  readonly TimeToLiveSpecification?: { readonly AttributeName?: string; readonly Enabled: boolean };
  readonly Replicas?: readonly (Protection & { readonly Region: string })[];
}

/** Tables are billed by nobody, so the billing mode is the one that has no capacity to set. */
export async function applyTables(tables: readonly Resource[], client: DynamoDBClient): Promise<void> {
  const commands = await import('@aws-sdk/client-dynamodb');
  await Promise.all(tables.map((table) => new TableUpdate(table, client, commands).apply()));
}

class TableUpdate {
  readonly #table: Resource;
  readonly #wanted: TableProperties;
  readonly #client: DynamoDBClient;
  readonly #commands: typeof import('@aws-sdk/client-dynamodb');

  constructor(table: Resource, client: DynamoDBClient, commands: typeof import('@aws-sdk/client-dynamodb')) {
    this.#table = table;
    this.#wanted = propertiesOf<TableProperties>(table);
    this.#client = client;
    this.#commands = commands;
  }

  get #name() {
    return { TableName: this.#table.physicalName };
  }

  async apply(): Promise<void> {
    if (this.#wanted.StreamSpecification)
      throw new NotEmulatedError(`${this.#table.logicalId}: streams of tables are not emulated`);
    const existing = await this.#describe();
    if (existing) this.#assertUpdatable(existing);
    else await this.#create();
    await this.#protect();
    await this.#setTimeToLive();
  }

  async #describe(): Promise<TableDescription | undefined> {
    const { DescribeTableCommand, ResourceNotFoundException } = this.#commands;
    try {
      return (await this.#client.send(new DescribeTableCommand(this.#name))).Table;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  async #create(): Promise<void> {
    const { CreateTableCommand, waitUntilTableExists } = this.#commands;
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } = this.#wanted;
    await this.#client.send(
      new CreateTableCommand({
        ...this.#name,
        AttributeDefinitions,
        KeySchema,
        BillingMode: 'PAY_PER_REQUEST',
        ...(GlobalSecondaryIndexes ? { GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(indexOf) } : {}),
        ...(LocalSecondaryIndexes ? { LocalSecondaryIndexes: LocalSecondaryIndexes.map(indexOf) } : {}),
      }),
    );
    await waitUntilTableExists({ client: this.#client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.2 }, this.#name);
  }

  /** The engine takes no new index for a table that is there; DynamoDB itself would take a global one. */
  #assertUpdatable(existing: TableDescription): void {
    const { KeySchema, GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = this.#wanted;
    if (!isDeepStrictEqual(existing.KeySchema, KeySchema)) throw new ReplacementError(this.#table, 'its key changed');
    if (
      differ(existing.GlobalSecondaryIndexes ?? [], GlobalSecondaryIndexes) ||
      differ(existing.LocalSecondaryIndexes ?? [], LocalSecondaryIndexes)
    ) {
      throw new ReplacementError(this.#table, 'its indexes changed');
    }
  }

  async #protect(): Promise<void> {
    const { UpdateContinuousBackupsCommand, UpdateTableCommand } = this.#commands;
    const protection = this.#wanted.Replicas?.find(({ Region }) => Region === LOCAL_REGION) ?? this.#wanted;
    const { DeletionProtectionEnabled = false, PointInTimeRecoverySpecification: recovery } = protection;
    const PointInTimeRecoverySpecification = {
      PointInTimeRecoveryEnabled: recovery?.PointInTimeRecoveryEnabled ?? false,
    };
    await this.#client.send(new UpdateTableCommand({ ...this.#name, DeletionProtectionEnabled }));
    await this.#client.send(new UpdateContinuousBackupsCommand({ ...this.#name, PointInTimeRecoverySpecification }));
  }

  /** Setting what is set already is an error of DynamoDB's, and so is switching off what is off. */
  async #setTimeToLive(): Promise<void> {
    const { DescribeTimeToLiveCommand, UpdateTimeToLiveCommand } = this.#commands;
    const { TimeToLiveDescription: current } = await this.#client.send(new DescribeTimeToLiveCommand(this.#name));
    const currentAttribute = current?.TimeToLiveStatus === 'ENABLED' ? current.AttributeName : undefined;
    const { AttributeName, Enabled = false } = this.#wanted.TimeToLiveSpecification ?? {};
    const wantedAttribute = Enabled ? AttributeName : undefined;
    if (wantedAttribute === currentAttribute) return;
    const set = (specification: TimeToLiveSpecification) =>
      this.#client.send(new UpdateTimeToLiveCommand({ ...this.#name, TimeToLiveSpecification: specification }));
    if (currentAttribute) await set({ AttributeName: currentAttribute, Enabled: false });
    if (wantedAttribute) await set({ AttributeName: wantedAttribute, Enabled: true });
  }
}

/** Without the capacity settings that a template gives an index, and the counts that a description does. */
const indexOf = ({ IndexName, KeySchema, Projection }: Index): GlobalSecondaryIndex & LocalSecondaryIndex => ({
  IndexName,
  KeySchema,
  Projection,
});

const byName = (indexes: readonly AnyIndex[]) =>
  indexes
    .map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }))
    .toSorted((a, b) => (a.IndexName! < b.IndexName! ? -1 : 1));

const differ = (some: readonly AnyIndex[], others: readonly AnyIndex[]): boolean =>
  !isDeepStrictEqual(byName(some), byName(others));
