import type { Plan } from '@kilat/contracts';
import type { UsageOutcome, UsageStep, UsageStore } from '@kilat/core';
import { expect, it } from 'vitest';
import { aPlan } from './quota.ts';

const DAY = '2026-11-20';
const MINUTE = '2026-11-20T22:32Z';
const LATER = '2026-11-20T22:33Z';

/** Cases that every store of usage passes, the one in memory as the one in DynamoDB. */
export function usageStoreContract(newStore: () => UsageStore): void {
  const aCaller = (tenantId: string = crypto.randomUUID()) => ({ tenantId, userId: crypto.randomUUID() });

  function aStep(parts: Partial<UsageStep> & { limits?: Partial<Plan> } = {}): UsageStep {
    const { limits, ...rest } = parts;
    const request = { minute: MINUTE, opens: false };
    return { caller: aCaller(), plan: aPlan(limits), day: DAY, request, predictions: 0, ...rest };
  }

  const opening = (step: UsageStep, minute = MINUTE): UsageStep => ({ ...step, request: { minute, opens: true } });

  const predicting = (predictions: number, parts: Parameters<typeof aStep>[0] = {}): UsageStep => {
    const { request: _, ...step } = aStep(parts);
    return { ...step, predictions };
  };

  const countedOf = (outcomes: UsageOutcome[]): number => outcomes.filter(({ isCounted }) => isCounted).length;

  it('joins no minute that nobody opened', async () => {
    const { isCounted, tally } = await newStore().count(aStep());

    expect([isCounted, tally.minute]).toEqual([false, undefined]);
  });

  it('opens a minute once', async () => {
    const store = newStore();
    const step = opening(aStep());

    const outcomes = await Promise.all(Array.from({ length: 10 }, () => store.count(step)));

    expect(countedOf(outcomes)).toBe(1);
  });

  it('starts at zero in a new minute, and keeps what the day has counted', async () => {
    const store = newStore();
    const step = aStep();
    await store.count(opening({ ...step, predictions: 1 }));
    await store.count(step);

    const { tally } = await store.count(opening({ ...step, predictions: 1 }, LATER));

    expect(tally).toMatchObject({ requests: { user: 1, tenant: 1 }, predictions: { user: 2, tenant: 2 } });
  });

  it('counts a step of a minute that is over in the one that is open', async () => {
    const store = newStore();
    const step = aStep();
    await store.count(opening(step, LATER));

    const { isCounted, tally } = await store.count(step);

    expect([isCounted, tally.requests.user]).toEqual([true, 2]);
  });

  it('lets a user’s limit be reached and not passed, however many come at once', async () => {
    const store = newStore();
    const step = aStep({ limits: { requestsPerMinutePerUser: 20 } });
    await store.count(opening(step));

    const outcomes = await Promise.all(Array.from({ length: 50 }, () => store.count(step)));

    expect(countedOf(outcomes)).toBe(19);
    expect(outcomes.filter(({ isCounted }) => !isCounted).map(({ tally }) => tally.requests.user)).toEqual(
      Array(31).fill(20),
    );
  });

  it('lets a tenant’s limit be reached by all its users together', async () => {
    const store = newStore();
    const step = aStep({ limits: { requestsPerMinutePerTenant: 20 } });
    await store.count(opening(step));
    const other = { ...step, caller: aCaller(step.caller.tenantId) };

    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, n) => store.count(n % 2 ? step : other)));

    expect(countedOf(outcomes)).toBe(19);
  });

  it('counts request and prediction together, or neither', async () => {
    const store = newStore();
    const step = aStep({ predictions: 1, limits: { predictionsPerDayPerUser: 1 } });
    await store.count(opening(step));

    const { isCounted, tally } = await store.count(step);

    expect([isCounted, tally.requests.user, tally.predictions.user]).toEqual([false, 1, 1]);
  });

  it('counts many predictions at once up to the last one', async () => {
    const store = newStore();
    const caller = aCaller();
    const step = (n: number) => predicting(n, { caller, limits: { predictionsPerDayPerTenant: 10 } });

    const outcomes = [await store.count(step(7)), await store.count(step(4)), await store.count(step(3))];

    expect(outcomes.map(({ isCounted, tally }) => [isCounted, tally.predictions.tenant])).toEqual([
      [true, 7],
      [false, 7],
      [true, 10],
    ]);
  });

  it('asks the day nothing of a mere request', async () => {
    const store = newStore();
    const step = aStep();
    await store.count(predicting(5, { caller: step.caller }));

    const { isCounted } = await store.count(opening({ ...step, plan: aPlan({ predictionsPerDayPerUser: 1 }) }));

    expect(isCounted).toBe(true);
  });

  it('takes back what is given back', async () => {
    const store = newStore();
    const step = predicting(2, { limits: { predictionsPerDayPerUser: 2 } });
    await store.count(step);

    await store.giveBack(step.caller, DAY, 1);

    expect((await store.count({ ...step, predictions: 1 })).isCounted).toBe(true);
  });

  it('tells what a tenant used by day and user, and nothing of another', async () => {
    const store = newStore();
    const tenantId = crypto.randomUUID();
    const [ani, budi] = [aCaller(tenantId), aCaller(tenantId)].sort((a, b) => a.userId.localeCompare(b.userId));
    await store.count(opening(aStep({ caller: ani! })));
    await store.count(predicting(3, { caller: budi!, day: '2026-11-21' }));
    await store.count(predicting(9, { day: '2026-11-21' }));
    await store.count(predicting(9, { caller: ani!, day: '2026-11-22' }));

    const days = await store.days(tenantId, '2026-11-20', '2026-11-21');

    expect(days).toEqual([
      {
        day: '2026-11-20',
        requests: 1,
        predictions: 0,
        users: [{ user_id: ani!.userId, requests: 1, predictions: 0 }],
      },
      {
        day: '2026-11-21',
        requests: 0,
        predictions: 3,
        users: [{ user_id: budi!.userId, requests: 0, predictions: 3 }],
      },
    ]);
  });

  it('knows no plan of a tenant that was given none', async () => {
    expect(await newStore().plan(crypto.randomUUID())).toBeUndefined();
  });
}
