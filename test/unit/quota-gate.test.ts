import { type PredictResponse, quotaHeaders } from '@kilat/contracts';
import { quotaOf, UndecodableImageError, type UsageStore } from '@kilat/core';
import { http, observe } from '@kilat/lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { anHttpEvent, demoClaims } from '../support/http-event.ts';
import { memoryUsageStore } from '../support/memory-usage-store.ts';
import { settingsWith } from '../support/quota.ts';

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  }
});
afterEach(() => vi.restoreAllMocks());

interface World {
  readonly limits?: Parameters<typeof settingsWith>[0];
  readonly store?: Partial<UsageStore>;
  readonly predict?: (admitted: Promise<unknown>) => Promise<unknown>;
  readonly usage?: () => Promise<unknown>;
}

const DAY = '2026-11-20';
const prediction: PredictResponse = {
  prediction_id: '017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
  request_id: 'req-1',
  model: 'signs',
  model_version: '1',
  predictions: [{ label: '3', confidence: 1 }],
  latency_ms: { decode: 0, preprocess: 0, inference: 0, store: 0, total: 0 },
};
const noUsage = { plan: 'free', limits: {}, days: [] };

/** A prediction, and a request that predicts nothing, of handlers that share a quota in memory. */
function aWorld({ limits, store: parts, predict, usage }: World = {}) {
  const store = { ...memoryUsageStore(), ...parts };
  const quota = quotaOf({ store, settings: settingsWith(limits), now: () => Date.UTC(2026, 10, 20, 22, 32, 37) });
  const predictHandler = http<'predict'>(
    observe('predict'),
    {
      predict: (({ admitted }: { admitted: Promise<unknown> }) =>
        predict ? predict(admitted) : Promise.resolve(prediction)) as never,
      ready: async () => ({ ready: true, checks: [] }),
    },
    quota,
  );
  const usageHandler = http<'usage'>(observe('usage'), { usage: (usage ?? (async () => noUsage)) as never }, quota);
  return {
    predict: () => predictHandler(anHttpEvent({ routeKey: 'POST /v1/predict' })),
    predictRows: (body: object) =>
      predictHandler(
        anHttpEvent({
          routeKey: 'POST /v1/predict',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      ),
    ready: () => predictHandler(anHttpEvent({ routeKey: 'GET /health/ready', claims: null })),
    usage: (query = {}) => usageHandler(anHttpEvent({ routeKey: 'GET /v1/usage', query })),
    counted: async () => (await store.days(demoClaims.tenant_id, DAY, DAY))[0],
  };
}

const codeOf = ({ body }: { body?: string | undefined }): unknown => JSON.parse(body!).code;

describe('a request', () => {
  it('too many is told when to come again, in the field and in the body', async () => {
    const world = aWorld({ limits: { requestsPerMinutePerUser: 1 } });
    await world.usage();

    const answer = await world.usage();

    expect(answer.headers).toMatchObject({
      'retry-after': '23',
      'ratelimit-policy': '"user-minute";q=1;w=60, "tenant-minute";q=1000;w=60',
      ratelimit: '"user-minute";r=0;t=23, "tenant-minute";r=999;t=23',
    });
    expect(JSON.parse(answer.body!)).toMatchObject({
      status: 429,
      code: 'too-many-requests',
      detail: "used up: 'user-minute' (1 requests in 60 s)",
      retry_after_seconds: 23,
    });
  });

  it('too many does not reach the operation', async () => {
    const usage = vi.fn(async () => noUsage);
    const world = aWorld({ usage, limits: { requestsPerMinutePerUser: 1 } });
    await world.usage();

    await world.usage();

    expect(usage).toHaveBeenCalledTimes(1);
  });

  it('that is not in order counts, and is told where the caller stands', async () => {
    const world = aWorld();

    const answer = await world.usage({ from: 'yesterday' });

    expect([answer.statusCode, (await world.counted())?.requests]).toEqual([400, 1]);
    expect(answer.headers).toHaveProperty([quotaHeaders.state]);
  });

  it('without a token counts for nobody', async () => {
    const world = aWorld();

    const answer = await world.ready();

    expect([answer.statusCode, await world.counted()]).toEqual([200, undefined]);
    expect(answer.headers).not.toHaveProperty([quotaHeaders.state]);
  });

  it('is refused when its count cannot be kept', async () => {
    const world = aWorld({ store: { count: () => Promise.reject(new Error('DynamoDB is away')) } });

    const answer = await world.usage();

    expect([answer.statusCode, codeOf(answer)]).toEqual([503, 'store-unavailable']);
    expect(answer.headers).not.toHaveProperty([quotaHeaders.state]);
    expect(lines.join('')).toContain('DynamoDB is away');
  });
});

describe('a prediction', () => {
  it('begins before it is admitted', async () => {
    const events: string[] = [];
    const store = memoryUsageStore();
    const count: UsageStore['count'] = async (step) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      events.push('counted');
      return store.count(step);
    };
    const predict = async (admitted: Promise<unknown>) => {
      events.push('begun');
      await admitted;
      events.push('admitted');
      return prediction;
    };

    await aWorld({ store: { count }, predict }).predict();

    expect(events).toEqual(['begun', 'counted', 'admitted']);
  });

  it('too many is refused as such, whatever became of its work', async () => {
    const broken = async () => {
      throw new UndecodableImageError('broken');
    };
    const world = aWorld({ predict: broken, limits: { requestsPerMinutePerUser: 1 } });

    const answers = [await world.predict(), await world.predict()];

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([422, 429]);
  });

  it.each([
    ['that is refused', async () => Promise.reject(new UndecodableImageError('broken')), 422],
    ['that fails', async () => Promise.reject(new Error('out of memory')), 500],
    ['whose answer breaks the contract', async () => ({ ...prediction, predictions: [] }), 500],
  ])('%s is given back', async (_, predict, status) => {
    const world = aWorld({ predict });

    const answer = await world.predict();

    expect(answer.statusCode).toBe(status);
    expect(await world.counted()).toMatchObject({ requests: 1, predictions: 0 });
  });

  it('that cannot be given back fails as it did, and is logged', async () => {
    const giveBack = () => Promise.reject(new Error('DynamoDB is away'));
    const predict = () => Promise.reject(new UndecodableImageError('broken'));

    const answer = await aWorld({ store: { giveBack }, predict }).predict();

    expect(codeOf(answer)).toBe('undecodable-image');
    expect(lines.some((line) => line.includes('prediction not given back'))).toBe(true);
  });

  it('that succeeds stays counted, and its answer tells of the day', async () => {
    const world = aWorld();

    const answer = await world.predict();

    expect(await world.counted()).toMatchObject({ requests: 1, predictions: 1 });
    expect(answer.headers![quotaHeaders.policy]).toContain('"user-day";q=1000;w=86400, "tenant-day";q=1000;w=86400');
  });
});

describe('a prediction of rows', () => {
  it('counts each row, and is one request', async () => {
    const world = aWorld();

    await world.predictRows({ instances: [{}, {}, {}] });

    expect(await world.counted()).toMatchObject({ requests: 1, predictions: 3 });
  });

  it('gives every row back where it fails', async () => {
    const predict = async () => Promise.reject(new UndecodableImageError('no image'));
    const world = aWorld({ predict });

    await world.predictRows({ instances: [{}, {}, {}] });

    expect(await world.counted()).toMatchObject({ requests: 1, predictions: 0 });
  });

  it('of rows that are none counts as one that failed', async () => {
    const predict = async () => Promise.reject(new UndecodableImageError('no rows'));
    const world = aWorld({ predict, limits: { predictionsPerDayPerUser: 1 } });

    await world.predictRows({ instances: 3 });

    expect(await world.counted()).toMatchObject({ requests: 1, predictions: 0 });
  });
});
