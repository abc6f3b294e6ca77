import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { aliasStateSchema, auditRecordSchema, registryTable, versionRecordSchema } from '@kilat/contracts';
import { type ModelRef, PreconditionFailedError, type RegistryStore } from '@kilat/core';
import { aws } from './aws-clients.ts';

const { partitionKey, sortKey, statePrefix, versionPrefix, counterPrefix, auditPrefix } = registryTable;

const keyOf = (tenantId: string, entry: string) => ({ [partitionKey]: tenantId, [sortKey]: entry });

/** Sorts as numbers do. */
const versionEntry = (model: string, version: string): string => `${versionPrefix}${model}#${version.padStart(9, '0')}`;

type Items = Record<string, unknown>[];

interface Selection {
  readonly tenantId: string;
  readonly prefix: string;
  /** entries before this one alone */
  readonly before?: string;
  readonly limit?: number;
}

export const registryStore = (TableName: string): RegistryStore => ({
  async state(ref) {
    const item = await get(TableName, ref, statePrefix + ref.model);
    return item && aliasStateSchema.parse(item);
  },

  async nextVersion({ tenantId, model }, above) {
    const Key = keyOf(tenantId, counterPrefix + model);
    const { Attributes } = await aws.dynamoDb.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: 'SET latest = if_not_exists(latest, :above) + :one',
        ExpressionAttributeValues: { ':above': above, ':one': 1 },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return String(Attributes!.latest);
  },

  async addVersion(record, audit) {
    const { tenant_id: tenantId, manifest } = record;
    const Item = { ...record, ...keyOf(tenantId, versionEntry(manifest.name, manifest.version)) };
    const isNew = `attribute_not_exists(${partitionKey})`;
    await write([
      { Put: { TableName, Item, ConditionExpression: isNew } },
      { Put: { TableName, Item: { ...audit, ...keyOf(tenantId, auditEntry(audit.model, audit.audit_id)) } } },
    ]);
  },

  async version(ref, version) {
    const item = await get(TableName, ref, versionEntry(ref.model, version));
    return item && versionRecordSchema.parse(item);
  },

  async versions(tenantId, model) {
    const items = await query(TableName, { tenantId, prefix: versionPrefix + (model ? `${model}#` : '') });
    return items.map((item) => versionRecordSchema.parse(item));
  },

  async move(tenantId, next, audit) {
    const Item = { ...next, ...keyOf(tenantId, statePrefix + next.model) };
    try {
      await write([
        { Put: { TableName, Item, ...unmoved(next.revision - 1) } },
        { Put: { TableName, Item: { ...audit, ...keyOf(tenantId, auditEntry(audit.model, audit.audit_id)) } } },
      ]);
    } catch (error) {
      if (isRefused(error)) throw new PreconditionFailedError(next.model);
      throw error;
    }
  },

  async audit({ tenantId, model }, limit, before) {
    const items = await query(TableName, {
      tenantId,
      prefix: auditEntry(model, ''),
      ...(before && { before: auditEntry(model, before) }),
      limit: limit + (before ? 2 : 1), // one more tells whether there are any; `before` itself is read and left out
    });
    const records = items.slice(0, limit).map((item) => auditRecordSchema.parse(item));
    return { records, ...(items.length > limit && { last: records.at(-1)!.audit_id }) };
  },
});

const auditEntry = (model: string, auditId: string): string => `${auditPrefix}${model}#${auditId}`;

/** The item has the revision that the mover saw; revision 0 is that of aliases which nobody has moved yet. */
const unmoved = (revision: number) =>
  revision === 0
    ? { ConditionExpression: `attribute_not_exists(${partitionKey})` }
    : {
        ConditionExpression: '#revision = :revision',
        ExpressionAttributeNames: { '#revision': 'revision' },
        ExpressionAttributeValues: { ':revision': revision },
      };

const write = (TransactItems: ConstructorParameters<typeof TransactWriteCommand>[0]['TransactItems']) =>
  aws.dynamoDb.send(new TransactWriteCommand({ TransactItems }));

/** Two movers at once: DynamoDB refuses the later by the condition, or both by their conflict. */
const isRefused = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  !!error.CancellationReasons?.some(({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict');

async function get(TableName: string, { tenantId }: ModelRef, entry: string): Promise<object | undefined> {
  const { Item } = await aws.dynamoDb.send(
    new GetCommand({ TableName, Key: keyOf(tenantId, entry), ConsistentRead: true }),
  );
  return Item;
}

/** The last by their sort key first. */
async function query(TableName: string, { tenantId, prefix, before, limit }: Selection): Promise<Items> {
  const found: Items = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await aws.dynamoDb.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: '#tenant = :tenant AND #entry BETWEEN :first AND :last',
        ExpressionAttributeNames: { '#tenant': partitionKey, '#entry': sortKey },
        ExpressionAttributeValues: { ':tenant': tenantId, ':first': prefix, ':last': before ?? `${prefix}~` },
        ScanIndexForward: false,
        ...(limit && { Limit: limit }),
        ExclusiveStartKey,
      }),
    );
    found.push(...((page.Items ?? []) as Items).filter((item) => item[sortKey] !== before));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey && !(limit && found.length >= limit));
  return found;
}
