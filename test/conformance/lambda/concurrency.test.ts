import { afterEach, describe, expect, it } from 'vitest';
import type { AsyncFailure, FunctionConfiguration } from '../../../local/lambda/index.ts';
import { aFunction, isRunning, listenedLambda } from '../../support/lambda-fixtures/functions.ts';

let lambda: Awaited<ReturnType<typeof listenedLambda>>;

async function start(fn: FunctionConfiguration, options: Parameters<typeof listenedLambda>[1] = {}) {
  lambda = await listenedLambda([fn], options);
  return lambda;
}
afterEach(() => lambda.close());

const count = async (event: { ms?: number } = {}) => JSON.parse((await lambda.invoke('count', event)).payload);
const metric = (name: string) => lambda.metrics.filter((one) => one.metricName === name).map((one) => one.value);
const started = (invocations: number) =>
  expect.poll(() => lambda.logs.filter((log) => log.line.startsWith('START'))).toHaveLength(invocations);

describe('execution environments', () => {
  it('are reused, one event after the other', async () => {
    await start(aFunction('count'));

    const first = await count();
    const second = await count();

    expect(second).toEqual({ invocations: 2, pid: first.pid });
  });

  it('run one event at a time, each in its own', async () => {
    await start(aFunction('count'));

    const both = await Promise.all([count({ ms: 100 }), count({ ms: 100 })]);

    expect(both.map((one) => one.invocations)).toEqual([1, 1]);
    expect(both[0].pid).not.toBe(both[1].pid);
  });

  it('never exceed maxInstances: further events wait in the order in which they came', async () => {
    await start(aFunction('count', { maxInstances: 1 }));

    const all = await Promise.all([count({ ms: 20 }), count(), count(), count()]);

    expect(all.map((one) => one.invocations)).toEqual([1, 2, 3, 4]);
    expect(new Set(all.map((one) => one.pid)).size).toBe(1);
  });

  it('end when nobody used them for a while', async () => {
    await start(aFunction('count'), { idleMs: 50 });

    const { pid } = await count();

    expect(isRunning(pid)).toBe(true);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('end when their function is replaced, after the event they are at', async () => {
    await start(aFunction('count'));
    const { pid } = await count();
    const running = count({ ms: 50 });
    await started(2);

    lambda.register(aFunction('count'));

    expect(await running).toEqual({ invocations: 2, pid });
    expect(await count()).toMatchObject({ invocations: 1 });
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('leave no process behind on close, and what ran or waited is told', async () => {
    await start(aFunction('count', { maxInstances: 1 }));
    const { pid } = await count();
    const running = lambda.invoke('count', { ms: 2500 });
    await started(2);
    const waiting = expect(lambda.invoke('count', {})).rejects.toMatchObject({ code: 'ServiceException' });

    await lambda.close();

    expect(isRunning(pid)).toBe(false);
    expect(JSON.parse((await running).payload).errorMessage).toMatch(/signal: killed$/);
    await waiting;
  });
});

describe('reserved concurrency', () => {
  it('throttles the event beyond it', async () => {
    await start(aFunction('count', { reservedConcurrency: 1 }));
    const running = count({ ms: 100 });

    await expect(lambda.invoke('count', {})).rejects.toMatchObject({ code: 'TooManyRequestsException' });

    expect(await running).toMatchObject({ invocations: 1 });
    expect(metric('Throttles')).toEqual([1]);
    expect(metric('Invocations')).toEqual([1]);
  });
});

describe('metrics', () => {
  it('count invocations, errors and what ran at once, and measure durations', async () => {
    await start(aFunction('throws'));

    await lambda.invoke('throws', {});

    expect(metric('Invocations')).toEqual([1]);
    expect(metric('Errors')).toEqual([1]);
    expect(metric('ConcurrentExecutions')).toEqual([1]);
    expect(lambda.metrics.find((one) => one.metricName === 'Duration')).toMatchObject({
      namespace: 'AWS/Lambda',
      unit: 'Milliseconds',
      dimensions: { FunctionName: 'throws' },
    });
  });
});

describe('asynchronous events', () => {
  it('are tried three times with one request id, then reported', async () => {
    const failures: AsyncFailure[] = [];
    const onAsyncFailure = (failure: AsyncFailure) => failures.push(failure);
    await start(aFunction('throws'), { asyncRetryPausesMs: [5, 10], onAsyncFailure });

    const { statusCode, requestId } = await lambda.invoke('throws', { photo: 7 }, { type: 'Event' });

    expect(statusCode).toBe(202);
    await expect.poll(() => failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ functionName: 'throws', requestId, payload: '{"photo":7}', attempts: 3 });
    expect(lambda.logs.filter((log) => log.line === `END RequestId: ${requestId}`)).toHaveLength(3);
    expect(metric('AsyncEventsDropped')).toEqual([1]);
  });

  it('weigh 1 MB at most', async () => {
    await start(aFunction('count'));

    await expect(lambda.invoke('count', 'x'.repeat(1_048_576), { type: 'Event' })).rejects.toMatchObject({
      code: 'RequestTooLargeException',
    });
  });
});
