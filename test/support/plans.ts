import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Plan } from '@kilat/contracts';
import { endpoint } from './api.ts';

const client = new DynamoDBClient(endpoint('dynamodb'));

/** Gives a tenant limits of its own, as an operator would. It has to be done before the tenant's first request. */
export async function givePlan(tenantId: string, limits: Partial<Plan>): Promise<void> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const TableName = TableNames.find((name) => /usage/i.test(name))!;
  const Item = { tenant_id: tenantId, entry: 'plan', plan: 'pro', limits };
  await DynamoDBDocumentClient.from(client).send(new PutCommand({ TableName, Item }));
}

/** Returns in a minute of which enough is left: a quota that is counted across its edge is two quotas. */
export async function minuteWithSecondsLeft(seconds: number): Promise<void> {
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs < seconds * 1000) await pause(leftMs + 100);
}
