import { randomBytes } from 'node:crypto';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { jobsTable } from '@kilat/contracts';
import type { WebhookSecrets } from '@kilat/core';
import { aws } from './aws-clients.ts';
import { unlessRefused } from './job-store.ts';

const { partitionKey, sortKey } = jobsTable;

/** One secret a tenant, in the jobs table, drawn when it is first asked for. */
export const webhookSecrets = (TableName: string): WebhookSecrets => ({
  async of(tenantId) {
    const Key = { [partitionKey]: tenantId, [sortKey]: 'webhook-secret' };
    const secret = `whsec_${randomBytes(24).toString('base64')}`;
    const put = { TableName, Item: { ...Key, secret }, ConditionExpression: `attribute_not_exists(${partitionKey})` };
    const { Item } = await aws.dynamoDb.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    if (Item) return Item.secret as string;
    if (await unlessRefused(() => aws.dynamoDb.send(new PutCommand(put)))) return secret;
    const first = await aws.dynamoDb.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return first.Item!.secret as string;
  },
});
