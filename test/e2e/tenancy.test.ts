import { beforeAll, describe, expect, it } from 'vitest';
import { call, example, predictBytes, tokenOfNewUser } from '../support/api.ts';

/** Tenants of this file alone, so that no other test's predictions are among theirs. */
const tenant = `t-${crypto.randomUUID().slice(0, 8)}`;
const otherTenant = `${tenant}-x`;

let ani: string;
let budi: string;
let chief: string;
let stranger: string;
let strangeChief: string;
let anis: string[];

beforeAll(async () => {
  const users = await Promise.all([
    tokenOfNewUser(tenant),
    tokenOfNewUser(tenant),
    tokenOfNewUser(tenant, 'admin'),
    tokenOfNewUser(otherTenant),
    tokenOfNewUser(otherTenant, 'admin'),
  ]);
  [ani, budi, chief, stranger, strangeChief] = users.map(({ access }) => access) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const photo = new Uint8Array(await example('three.jpg'));
  anis = [];
  for (const token of [ani, ani, ani, budi, stranger]) {
    const { body } = await predictBytes(token, photo);
    if (token === ani) anis.push(body.prediction_id);
  }
});

const idsOf = (body: { items: { prediction_id: string }[] }): string[] => body.items.map((item) => item.prediction_id);

describe('the history', () => {
  it('shows a user their own predictions, the newest first', async () => {
    const { body } = await call('/v1/history', { token: ani });

    expect(idsOf(body)).toEqual(anis.toReversed());
  });

  it('shows another user of the tenant none of them', async () => {
    const { body } = await call('/v1/history', { token: budi });

    expect(body.items).toHaveLength(1);
    expect(idsOf(body).some((id) => anis.includes(id))).toBe(false);
  });

  it('shows an admin what is the tenant’s and nothing else', async () => {
    const { body } = await call('/v1/history', { token: chief });

    expect(body.items).toHaveLength(4);
    expect(new Set(body.items.map((item: { user_id: string }) => item.user_id)).size).toBe(2);
  });

  it('shows another tenant’s admin nothing of it', async () => {
    const { body } = await call('/v1/history', { token: strangeChief });

    expect(body.items).toHaveLength(1);
    expect(idsOf(body).some((id) => anis.includes(id))).toBe(false);
  });

  it('comes in pages that lose and repeat nothing', async () => {
    const first = await call('/v1/history?limit=2', { token: ani });
    const second = await call(`/v1/history?limit=2&next_cursor=${first.body.next_cursor}`, { token: ani });

    expect([...idsOf(first.body), ...idsOf(second.body)]).toEqual(anis.toReversed());
    expect(second.body.next_cursor).toBeUndefined();
  });

  it('is opened by nobody else’s cursor', async () => {
    const { body } = await call('/v1/history?limit=1', { token: ani });

    const page = await call(`/v1/history?next_cursor=${body.next_cursor}`, { token: stranger });

    expect(idsOf(page.body).some((id) => anis.includes(id))).toBe(false);
  });

  it('is filtered by model, label, source and time', async () => {
    const { body: one } = await call(`/v1/history/${anis[1]}`, { token: ani });
    const count = async (query: string): Promise<number> =>
      (await call(`/v1/history?${query}`, { token: ani })).body.items.length;

    expect(await count('model=signs&label=3&source=api')).toBe(3);
    expect(await count('label=4')).toBe(0);
    expect(await count('source=s3')).toBe(0);
    expect(await count(`from=${one.created_at}`)).toBe(2);
    expect(await count(`to=${one.created_at}`)).toBe(1);
    expect(await count('from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z')).toBe(0);
  });
});

describe('one prediction', () => {
  it('is shown to its owner and to the tenant’s admin', async () => {
    const answers = await Promise.all([ani, chief].map((token) => call(`/v1/history/${anis[0]}`, { token })));

    expect(answers.map(({ status, body }) => [status, body.prediction_id])).toEqual([
      [200, anis[0]],
      [200, anis[0]],
    ]);
  });

  it('is not found by another user, another tenant or its admin', async () => {
    const answers = await Promise.all(
      [budi, stranger, strangeChief].map((token) => call(`/v1/history/${anis[0]}`, { token })),
    );

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      Array(3).fill([404, 'prediction-not-found']),
    );
  });

  it('is found in the words of one that never was', async () => {
    const [hidden, never] = await Promise.all(
      [anis[0]!, '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'].map((id) => call(`/v1/history/${id}`, { token: stranger })),
    );

    expect(hidden!.body.title).toBe(never!.body.title);
    expect(Object.keys(hidden!.body)).toEqual(Object.keys(never!.body));
  });
});
