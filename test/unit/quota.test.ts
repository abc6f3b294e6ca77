import type { PlanAssignment } from '@kilat/contracts';
import {
  ForbiddenError,
  InvalidRequestError,
  quotaOf,
  readUsage,
  StoreUnavailableError,
  TooManyRequestsError,
} from '@kilat/core';
import { describe, expect, it } from 'vitest';
import { memoryUsageStore } from '../support/memory-usage-store.ts';
import { settingsWith } from '../support/quota.ts';

const START = Date.UTC(2026, 10, 20, 22, 32, 37);
const caller = { tenantId: 'demo', userId: 'ani' };
const colleague = { tenantId: 'demo', userId: 'budi' };
const stranger = { tenantId: 'other', userId: 'ani' };

/** A quota in memory whose clock stands still until the test moves it. */
function aQuota(limits: Parameters<typeof settingsWith>[0] = {}, plans: Record<string, PlanAssignment> = {}) {
  const store = memoryUsageStore(plans);
  const clock = { now: START };
  const ports = { store, settings: settingsWith(limits), now: () => clock.now };
  return { store, clock, ports, ...quotaOf(ports) };
}

const refusalOf = (work: Promise<unknown>): Promise<TooManyRequestsError> =>
  work.then(
    () => Promise.reject(new Error('was not refused')),
    (error: unknown) => (error instanceof TooManyRequestsError ? error : Promise.reject(error)),
  );

describe('a quota of requests', () => {
  it('refuses the first request too many, until the minute is over', async () => {
    const { admit, clock } = aQuota({ requestsPerMinutePerUser: 2 });
    await admit(caller, 'request');
    await admit(caller, 'request');

    const refusal = await refusalOf(admit(caller, 'request'));
    clock.now += refusal.retryAfterSeconds * 1000;
    const { standings } = await admit(caller, 'request');

    expect([refusal.retryAfterSeconds, refusal.message]).toEqual([23, "used up: 'user-minute' (2 requests in 60 s)"]);
    expect(standings[0]).toMatchObject({ name: 'user-minute', remaining: 1, resetSeconds: 60 });
  });

  it('is shared by the users of a tenant, and by no other tenant', async () => {
    const { admit } = aQuota({ requestsPerMinutePerTenant: 2 });
    await admit(caller, 'request');
    await admit(colleague, 'request');

    const refusal = await refusalOf(admit(caller, 'request'));
    const { standings } = await admit(stranger, 'request');

    expect(refusal.standings.map(({ name, remaining }) => [name, remaining])).toEqual([
      ['user-minute', 999],
      ['tenant-minute', 0],
    ]);
    expect(standings[1]!.remaining).toBe(1);
  });

  it('starts anew with the day', async () => {
    const { admit, clock } = aQuota({ requestsPerMinutePerUser: 1 });
    clock.now = Date.UTC(2026, 10, 20, 23, 59, 59);
    await admit(caller, 'request');

    clock.now += 1000;

    await expect(admit(caller, 'request')).resolves.toBeDefined();
  });

  it('costs one step, and two where another process has opened the minute', async () => {
    const { admit, store, ports, clock } = aQuota();
    const another = quotaOf(ports);
    await admit(caller, 'request');
    await admit(caller, 'request');
    expect(store.steps).toHaveLength(2);

    await another.admit(caller, 'request');
    await another.admit(caller, 'request');
    expect(store.steps).toHaveLength(5);

    clock.now += 60_000;
    await admit(caller, 'request');
    expect(store.steps).toHaveLength(6);
  });
});

describe('a quota of predictions', () => {
  it('refuses the first prediction too many, until the day is over', async () => {
    const { admit } = aQuota({ predictionsPerDayPerUser: 1 });
    await admit(caller, 'prediction');

    const refusal = await refusalOf(admit(caller, 'prediction'));

    expect(refusal.message).toBe("used up: 'user-day' (1 predictions in 86400 s)");
    expect(refusal.retryAfterSeconds).toBe(5243); // 22:32:37 to midnight
  });

  it('grants a request all of its predictions or none', async () => {
    const { admit, ports } = aQuota({ predictionsPerDayPerUser: 10 });
    await admit(caller, 'prediction', 8);

    const refusal = await refusalOf(admit(caller, 'prediction', 3));
    await admit(caller, 'prediction', 2);

    expect(refusal.message).toContain('2 left of which 3 are asked for');
    expect(refusal.retryAfterSeconds).toBe(5243); // 22:32:37 to midnight
    expect((await ports.store.days('demo', '2026-11-20', '2026-11-20'))[0]).toMatchObject({
      requests: 3,
      predictions: 10,
    });
  });

  it('takes all predictions of a request back', async () => {
    const { admit } = aQuota({ predictionsPerDayPerUser: 10 });
    const { giveBack } = await admit(caller, 'prediction', 10);

    await giveBack();

    await expect(admit(caller, 'prediction', 10)).resolves.toBeDefined();
  });

  it('counts the request of a prediction that it refuses', async () => {
    const { admit, ports } = aQuota({ predictionsPerDayPerUser: 1, requestsPerMinutePerUser: 3 });
    await admit(caller, 'prediction');

    const refusals = [await refusalOf(admit(caller, 'prediction')), await refusalOf(admit(caller, 'prediction'))];
    const last = await refusalOf(admit(caller, 'request'));

    expect(refusals.map(({ standings }) => standings[0]!.remaining)).toEqual([1, 0]);
    expect(last.standings[0]).toMatchObject({ name: 'user-minute', remaining: 0 });
    expect((await ports.store.days('demo', '2026-11-20', '2026-11-20'))[0]).toMatchObject({
      requests: 3,
      predictions: 1,
    });
  });

  it('counts that request in a minute of its own, too', async () => {
    const { admit, clock } = aQuota({ predictionsPerDayPerUser: 1 });
    await admit(caller, 'prediction');
    clock.now += 60_000;

    const { standings } = await refusalOf(admit(caller, 'prediction'));

    expect(standings[0]).toMatchObject({ name: 'user-minute', remaining: 999 });
  });

  it('leaves other requests alone when it is used up', async () => {
    const { admit } = aQuota({ predictionsPerDayPerUser: 1 });
    await admit(caller, 'prediction');

    await expect(admit(caller, 'request')).resolves.toBeDefined();
  });

  it('takes a prediction back into its own day', async () => {
    const { admit, clock, ports } = aQuota({ predictionsPerDayPerUser: 1 });
    clock.now = Date.UTC(2026, 10, 20, 23, 59, 59);
    const { giveBack } = await admit(caller, 'prediction');

    clock.now += 2000;
    await giveBack();

    const days = await ports.store.days('demo', '2026-11-20', '2026-11-21');
    expect(days).toMatchObject([{ day: '2026-11-20', requests: 1, predictions: 0 }]);
  });
});

describe('predictions for a job', () => {
  it('are granted as far as the day goes, in no minute', async () => {
    const { admit, countPredictions, ports } = aQuota({ predictionsPerDayPerUser: 10, requestsPerMinutePerUser: 5 });
    await admit(caller, 'prediction');

    const granted = [(await countPredictions(caller, 6)).granted, (await countPredictions(caller, 6)).granted];

    expect(granted).toEqual([6, 3]);
    expect((await countPredictions(caller, 6)).granted).toBe(0);
    expect((await ports.store.days('demo', '2026-11-20', '2026-11-20'))[0]).toMatchObject({
      requests: 1,
      predictions: 10,
    });
  });

  it('are granted up to the tenant’s limit, though more are asked for at once', async () => {
    const { countPredictions } = aQuota({ predictionsPerDayPerTenant: 10 });

    const granted = await Promise.all(
      [caller, colleague, caller, colleague].map(async (who) => (await countPredictions(who, 4)).granted),
    );

    expect(granted.reduce((sum, n) => sum + n)).toBe(10);
    expect((await countPredictions(stranger, 50)).granted).toBe(10);
  });

  it('that came to nothing are given back', async () => {
    const { countPredictions } = aQuota({ predictionsPerDayPerUser: 10 });
    const { giveBack } = await countPredictions(caller, 10);

    await giveBack(4);

    expect((await countPredictions(caller, 10)).granted).toBe(4);
  });
});

describe('a plan', () => {
  it('holds for the tenant that was given it', async () => {
    const { admit } = aQuota({}, { demo: { plan: 'pro', limits: { requestsPerMinutePerUser: 7 } } });

    const quotas = [await admit(caller, 'request'), await admit(stranger, 'request')];

    expect(quotas.map(({ standings }) => standings[0]!.quota)).toEqual([7, 1000]);
  });

  it('that is changed holds from the request after the one that first looks again, a minute later', async () => {
    const plans: Record<string, PlanAssignment> = {};
    const { admit, clock } = aQuota({}, plans);
    const quotaOfUser = async () => (await admit(caller, 'request')).standings[0]!.quota;
    const before = await quotaOfUser();
    plans.demo = { plan: 'pro', limits: { requestsPerMinutePerUser: 7 } };

    clock.now += 59_999;
    const known = await quotaOfUser();
    clock.now += 1;

    expect([before, known, await quotaOfUser(), await quotaOfUser()]).toEqual([1000, 1000, 1000, 7]);
  });
});

describe('a store that does not answer', () => {
  const away = () => Promise.reject(new Error('DynamoDB is away'));

  it.each(['count', 'plan'] as const)('to %s lets nobody in', async (operation) => {
    const { ports } = aQuota();
    const { admit } = quotaOf({ ...ports, store: { ...ports.store, [operation]: away } });

    await expect(admit(caller, 'request')).rejects.toThrow(StoreUnavailableError);
  });

  it('keeps the plan that is known', async () => {
    const { ports, clock } = aQuota();
    const store = { ...ports.store };
    const { admit } = quotaOf({ ...ports, store });
    await admit(caller, 'request');
    store.plan = away;

    clock.now += 60_000;

    await expect(admit(caller, 'request')).resolves.toBeDefined();
  });
});

describe('the usage', () => {
  const admin = { ...caller, isAdmin: true };

  it('is today’s where no day is named, with the plan and its limits', async () => {
    const { admit, ports } = aQuota({ requestsPerMinutePerUser: 60 });
    await admit(caller, 'prediction');
    await admit(stranger, 'prediction');

    expect(await readUsage(ports, admin, {})).toEqual({
      plan: 'free',
      limits: {
        requests_per_minute_per_user: 60,
        requests_per_minute_per_tenant: 1000,
        predictions_per_day_per_user: 1000,
        predictions_per_day_per_tenant: 1000,
      },
      days: [
        { day: '2026-11-20', requests: 1, predictions: 1, users: [{ user_id: 'ani', requests: 1, predictions: 1 }] },
      ],
    });
  });

  it('is for admins alone', async () => {
    await expect(readUsage(aQuota().ports, { ...caller, isAdmin: false }, {})).rejects.toThrow(ForbiddenError);
  });

  it.each([
    [{ from: '2026-11-21', to: '2026-11-20' }, 'ends before it begins'],
    [{ from: '2026-08-20', to: '2026-11-20' }, 'has 93 days'],
    [{ from: '2026-11-21' }, 'begins tomorrow'],
  ])('of the span %j is refused: it %s', async (query, _) => {
    await expect(readUsage(aQuota().ports, admin, query)).rejects.toThrow(InvalidRequestError);
  });

  it('of 92 days is told', async () => {
    expect((await readUsage(aQuota().ports, admin, { from: '2026-08-21', to: '2026-11-20' })).days).toEqual([]);
  });
});
