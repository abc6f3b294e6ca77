import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, example, predictBytes, tokenOfNewUser } from '../support/api.ts';
import { givePlan, minuteWithSecondsLeft } from '../support/plans.ts';

type Answer = Awaited<ReturnType<typeof call>>;

const newTenant = (): string => `q-${crypto.randomUUID().slice(0, 8)}`;
const newUser = async (tenantId: string, group?: string) => (await tokenOfNewUser(tenantId, group)).access;
const at50 = (ask: (n: number) => Promise<Answer>) => Promise.all(Array.from({ length: 50 }, (_, n) => ask(n)));
const withStatus = (answers: Answer[], status: number) => answers.filter((answer) => answer.status === status);

const ask = (token: string) => call('/v1/models/current', { token });

let photo: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  photo = new Uint8Array(await example('three.jpg'));
});

beforeEach(() => minuteWithSecondsLeft(20));

describe('fifty clients at once', () => {
  it('have a user’s requests of the minute to the last one, and not one more', async () => {
    const tenant = newTenant();
    await givePlan(tenant, { requestsPerMinutePerUser: 20 });
    const [token, other] = await Promise.all([newUser(tenant), newUser(tenant)]);

    const answers = await at50(() => ask(token));

    expect([withStatus(answers, 200).length, withStatus(answers, 429).length]).toEqual([20, 30]);
    expect((await ask(other)).status).toBe(200);
  });

  it('of one user, over all functions, have the same', async () => {
    const tenant = newTenant();
    await givePlan(tenant, { requestsPerMinutePerUser: 20 });
    const token = await newUser(tenant);
    const paths = ['/v1/models/current', '/v1/history', '/v1/models/versions', '/v1/usage', '/v1/predict'];

    const answers = await at50((n) => call(paths[n % 5]!, { token, method: n % 5 === 4 ? 'POST' : 'GET' }));

    expect(withStatus(answers, 429)).toHaveLength(30);
  });

  it('have a tenant’s requests of the minute, and leave those of another tenant alone', async () => {
    const tenant = newTenant();
    await givePlan(tenant, { requestsPerMinutePerTenant: 20 });
    const users = await Promise.all([newUser(tenant), newUser(tenant), newUser(newTenant())]);

    const answers = await at50((n) => ask(users[n % 2]!));

    expect(withStatus(answers, 200)).toHaveLength(20);
    expect((await ask(users[2]!)).status).toBe(200);
  });

  it('have a user’s predictions of the day, and of those that are refused nothing is kept', async () => {
    const tenant = newTenant();
    await givePlan(tenant, { predictionsPerDayPerUser: 20 });
    const token = await newUser(tenant);

    const answers = await at50(() => predictBytes(token, photo));

    const { body } = await call('/v1/history?limit=100', { token });
    expect([withStatus(answers, 200).length, withStatus(answers, 429).length]).toEqual([20, 30]);
    expect(body.items).toHaveLength(20);
  });
});

describe('a prediction that fails', () => {
  it('is given back to the day, its request is not', async () => {
    const tenant = newTenant();
    await givePlan(tenant, { predictionsPerDayPerUser: 2 });
    const [token, admin] = await Promise.all([newUser(tenant), newUser(tenant, 'admin')]);

    const broken = await predictBytes(token, photo.slice(0, 500));
    const unknown = await predictBytes(token, photo, '?model=none');
    const sound = [
      await predictBytes(token, photo),
      await predictBytes(token, photo),
      await predictBytes(token, photo),
    ];

    expect([broken, unknown, ...sound].map(({ status }) => status)).toEqual([422, 404, 200, 200, 429]);
    const { body } = await call('/v1/usage', { token: admin });
    expect(body.days[0]).toMatchObject({ requests: 6, predictions: 2 });
  });
});

describe('the fields of an answer', () => {
  it('tell the quotas and what is left of them, on refusals too', async () => {
    const tenant = newTenant();
    await givePlan(tenant, { requestsPerMinutePerUser: 60, requestsPerMinutePerTenant: 300 });
    const token = await newUser(tenant);

    const answers = [
      await ask(token),
      await call('/v1/models/current?model=none', { token }),
      await call('/v1/history?limit=0', { token }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 404, 400]);
    const policies = answers.map(({ headers }) => headers.get('ratelimit-policy'));
    expect(policies).toEqual(Array(3).fill('"user-minute";q=60;w=60, "tenant-minute";q=300;w=60'));
    const states = answers.map(({ headers }) => headers.get('ratelimit'));
    expect(states).toEqual(
      [59, 58, 57].map((left) =>
        expect.stringMatching(new RegExp(`^"user-minute";r=${left};t=\\d+, "tenant-minute";r=${left + 240};t=\\d+$`)),
      ),
    );
  });

  it('tell when to come again', async () => {
    const tenant = newTenant();
    await givePlan(tenant, { predictionsPerDayPerTenant: 1 });
    const token = await newUser(tenant);
    await predictBytes(token, photo);

    const { status, headers, body } = await predictBytes(token, photo);

    const secondsToMidnight = Math.ceil((86_400_000 - (Date.now() % 86_400_000)) / 1000);
    expect([status, body.code]).toEqual([429, 'too-many-requests']);
    expect(Number(headers.get('retry-after'))).toBe(body.retry_after_seconds);
    expect(Math.abs(body.retry_after_seconds - secondsToMidnight)).toBeLessThan(5);
    expect(headers.get('ratelimit')).toContain('"tenant-day";r=0;');
  });

  it('tell nothing where no token is asked for', async () => {
    expect((await call('/health')).headers.get('ratelimit')).toBeNull();
  });
});

describe('the usage of a tenant', () => {
  let tenant: string;
  let user: string;
  let admin: string;
  beforeAll(async () => {
    tenant = newTenant();
    await givePlan(tenant, { predictionsPerDayPerUser: 7 });
    [user, admin] = await Promise.all([newUser(tenant), newUser(tenant, 'admin')]);
    await predictBytes(user, photo);
    await ask(user);
  });

  it('is shown to its admin, by day and user, with the plan', async () => {
    const { status, body } = await call('/v1/usage', { token: admin });

    expect(status).toBe(200);
    expect([body.plan, body.limits.predictions_per_day_per_user]).toEqual(['pro', 7]);
    expect(body.days).toHaveLength(1);
    expect(body.days[0].day).toBe(new Date().toISOString().slice(0, 10));
    expect(body.days[0].users).toHaveLength(2);
    expect(body.days[0].users).toContainEqual({ user_id: expect.any(String), requests: 2, predictions: 1 });
  });

  it('is shown to no user', async () => {
    const { status, body } = await call('/v1/usage', { token: user });

    expect([status, body.code]).toEqual([403, 'forbidden']);
  });

  it('is shown to no admin of another tenant', async () => {
    const stranger = await newUser(newTenant(), 'admin');

    const { body } = await call('/v1/usage', { token: stranger });

    expect(body.days[0]).toMatchObject({ requests: 1, predictions: 0 });
    expect(body.days[0].users).toHaveLength(1);
  });

  it('is empty on days on which nobody asked', async () => {
    const { body } = await call('/v1/usage?from=2026-01-01&to=2026-01-31', { token: admin });

    expect(body.days).toEqual([]);
  });

  it.each(['from=yesterday', 'from=2026-02-30', 'from=2026-01-02&to=2026-01-01'])(
    'is not shown for %s',
    async (query) => {
      const { status, body } = await call(`/v1/usage?${query}`, { token: admin });

      expect([status, body.errors[0].pointer]).toEqual([400, 'from']);
    },
  );
});
