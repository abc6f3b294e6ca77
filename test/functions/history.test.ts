import { historyStore } from '@kilat/adapters/history-store';
import { encodeCursor } from '@kilat/core';
import { v7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEnvironmentOf } from '../support/function-environment.ts';
import { anHttpEvent, demoClaims } from '../support/http-event.ts';
import { aRecord } from '../support/prediction.ts';

/** A tenant of this file alone. */
const tenantId = `h-${crypto.randomUUID().slice(0, 8)}`;
const claims = { ...demoClaims, tenant_id: tenantId };
const START = Date.UTC(2026, 10, 20, 9, 30);

/** 1,200 predictions, one a minute; each hundredth is a 7, so that a filter has to look further than one read goes. */
async function fill(): Promise<void> {
  const store = historyStore({ tableName: process.env.HISTORY_TABLE!, retentionDays: 1 });
  const puts = Array.from({ length: 1200 }, (_, index) => {
    const msecs = START + index * 60_000;
    const record = aRecord({
      prediction_id: v7({ msecs }),
      user_id: claims.sub,
      label: index % 100 === 0 ? '7' : '3',
      created_at: new Date(msecs).toISOString(),
    });
    return { tenantId, photoKey: 'none', record };
  });
  for (let next = 0; next < puts.length; next += 50) {
    await Promise.all(puts.slice(next, next + 50).map((put) => store.put(put)));
  }
}

async function list(query: Record<string, string>, who = claims) {
  const { handler } = await import('../../functions/history/handler.ts');
  const answer = await handler(anHttpEvent({ routeKey: 'GET /v1/history', query, claims: who }));
  return JSON.parse(answer.body!) as {
    items: { label: string; created_at: string }[];
    next_cursor?: string;
    code?: string;
  };
}

describe('the history function', () => {
  beforeAll(async () => {
    await useEnvironmentOf('history');
    await fill();
  }, 60_000);

  it('finds rare labels among many, page by page, and all of them', async () => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ label: '7', limit: '5', ...(cursor && { next_cursor: cursor }) });
      found.push(...page.items.map((item) => item.created_at));
      cursor = page.next_cursor;
    } while (cursor);

    const expected = Array.from({ length: 12 }, (_, index) => new Date(START + index * 100 * 60_000).toISOString());
    expect(found).toEqual(expected.toReversed());
  });

  it('reads a span of time, its end left out', async () => {
    const from = new Date(START + 10 * 60_000).toISOString();
    const to = new Date(START + 13 * 60_000).toISOString();

    const { items } = await list({ from, to });

    expect(items.map((item) => (Date.parse(item.created_at) - START) / 60_000)).toEqual([12, 11, 10]);
  });

  it('gives an admin the same pages as the tenant’s only user', async () => {
    const query = { limit: '3', from: new Date(START).toISOString() };

    const [own, tenants] = await Promise.all([
      list(query),
      list(query, { ...claims, sub: 'another', 'cognito:groups': '[admin]' }),
    ]);

    expect(tenants.items).toEqual(own.items);
  });

  it('is empty beyond the last prediction', async () => {
    expect(await list({ next_cursor: encodeCursor('00000000-0000-7000-8000-000000000000') })).toEqual({ items: [] });
  });

  it('refuses a cursor that it did not hand out', async () => {
    expect(await list({ next_cursor: 'eyJvd25lciI6Im90aGVyIn0' })).toMatchObject({
      status: 400,
      code: 'invalid-request',
    });
  });
});
