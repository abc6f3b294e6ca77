import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { usageStore } from '@kilat/adapters/usage-store';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEnvironmentOf } from '../support/function-environment.ts';
import { aPlan } from '../support/quota.ts';
import { usageStoreContract } from '../support/usage-store-contract.ts';

const newStore = () => usageStore(process.env.USAGE_TABLE!);

describe('usage in DynamoDB', () => {
  beforeAll(() => useEnvironmentOf('usage'));

  const documents = () => DynamoDBDocumentClient.from(new DynamoDBClient({}));

  usageStoreContract(newStore);

  it('is forgotten 400 days after its day', async () => {
    const caller = { tenantId: crypto.randomUUID(), userId: 'u1' };
    await newStore().count({ caller, plan: aPlan(), day: '2026-11-20', predictions: 1 });

    const Key = { tenant_id: caller.tenantId, entry: 'day#2026-11-20' };
    const { Item } = await documents().send(new GetCommand({ TableName: process.env.USAGE_TABLE, Key }));

    expect(Item!.expires_at).toBe(Date.UTC(2027, 11, 25) / 1000);
  });

  it('finds the plan that an operator gave a tenant', async () => {
    const assigned = { plan: 'pro', limits: { requestsPerMinutePerUser: 7 } };
    const tenantId = crypto.randomUUID();
    const Item = { tenant_id: tenantId, entry: 'plan', ...assigned };
    await documents().send(new PutCommand({ TableName: process.env.USAGE_TABLE, Item }));

    expect(await newStore().plan(tenantId)).toEqual(assigned);
  });

  it('tells a full day of many users', async () => {
    const store = newStore();
    const tenantId = crypto.randomUUID();
    const steps = Array.from({ length: 200 }, (_, n) => ({
      caller: { tenantId, userId: `user-${n}` },
      plan: aPlan(),
      day: '2026-11-20',
      predictions: 2,
    }));
    await Promise.all(steps.map((step) => store.count(step)));

    const [day] = await store.days(tenantId, '2026-11-20', '2026-11-20');

    expect([day!.predictions, day!.users.length]).toEqual([400, 200]);
  });
});
