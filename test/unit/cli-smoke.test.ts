import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { apiClient } from '../../cli/api/client.ts';
import { smokeSteps } from '../../cli/smoke/checks.ts';
import { runSteps, type Step, type StepOutcome } from '../../cli/smoke/steps.ts';
import { type Answered, addressOfNobody, jsonServer, type Received } from '../support/json-server.ts';

const never = new AbortController().signal;

const aStep = (parts: Partial<Step>): Step => ({
  name: 'a step',
  needs: [],
  timeoutMs: 5000,
  advice: 'look at it',
  attempt: async () => 'seen',
  ...parts,
});

const outcomesOf = (steps: readonly Step[], signal = never): Promise<StepOutcome[]> =>
  Array.fromAsync(runSteps(steps, signal));

const fails = async () => Promise.reject(new Error('broken'));

describe('a step', () => {
  it('that works tells what was seen', async () => {
    expect(await outcomesOf([aStep({})])).toEqual([
      { step: 'a step', outcome: 'works', duration_ms: expect.any(Number), detail: 'seen' },
    ]);
  });

  it('that fails tells why, and what to look at', async () => {
    expect(await outcomesOf([aStep({ attempt: fails })])).toEqual([
      { step: 'a step', outcome: 'fails', duration_ms: expect.any(Number), reason: 'broken', advice: 'look at it' },
    ]);
  });

  it('is skipped with all that need it, and stops no other', async () => {
    const steps = [
      aStep({ name: 'first', attempt: fails }),
      aStep({ name: 'second', needs: ['first'] }),
      aStep({ name: 'third', needs: ['second'] }),
      aStep({ name: 'fourth' }),
    ];

    expect((await outcomesOf(steps)).map(({ step, outcome }) => [step, outcome])).toEqual([
      ['first', 'fails'],
      ['second', 'skipped'],
      ['third', 'skipped'],
      ['fourth', 'works'],
    ]);
  });

  it('that does not end fails at its time, even where it heeds no signal', async () => {
    const endless = aStep({ timeoutMs: 20, attempt: () => new Promise(() => {}) });

    expect(await outcomesOf([endless])).toMatchObject([{ outcome: 'fails', reason: 'not done within 0.02 s' }]);
  });

  it('is no outcome when all is stopped', async () => {
    const stop = new AbortController();
    const waiting = aStep({
      attempt: async (signal) => {
        stop.abort();
        await pause(5000, undefined, { signal });
        return 'never';
      },
    });

    await expect(outcomesOf([waiting], stop.signal)).rejects.toThrow('abort');
  });
});

/** A token of tenant `demo`, as far as anybody reads it here. */
const token = `e30.${Buffer.from('{"tenant_id":"demo"}').toString('base64url')}.c2ln`;

async function smokedAt(apiUrl: string, accessToken = async () => token) {
  const connection = { apiUrl, accessToken, whenUnreachable: `${apiUrl} does not answer` };
  const waiting = { random: () => 0, now: () => 0, sleep: async () => {} };
  const api = (signal: AbortSignal) => apiClient(connection, signal, waiting);
  const inbox = () => Promise.reject(new Error('no bucket'));
  const outcomes = await outcomesOf(smokeSteps({ stage: 'staging', connection, api, inbox }));
  return Object.fromEntries(outcomes.map(({ step, ...outcome }) => [step, outcome]));
}

const smoked = async (answer: (request: Received) => Answered) => smokedAt((await jsonServer(answer)).url);

const healthy: Answered = { body: { status: 'ok', version: '0.1.0', stage: 'staging' } };

describe('kilat smoke', () => {
  it('names the health of an API that answers 503, and skips what is behind it', async () => {
    const outcomes = await smoked(() => ({ status: 503, body: { message: 'Service Unavailable' } }));

    expect(outcomes).toMatchObject({
      health: { outcome: 'fails', reason: expect.stringContaining('Service Unavailable') },
      readiness: { outcome: 'skipped' },
      'sign-in': { outcome: 'works' },
      prediction: { outcome: 'skipped', reason: "'health' does not work" },
      result: { outcome: 'skipped', reason: "'job' does not work" },
    });
  });

  it('names the address that nobody answers at', async () => {
    const url = await addressOfNobody();

    expect(await smokedAt(url)).toMatchObject({
      health: { reason: expect.stringContaining(`${url} does not answer`) },
    });
  });

  it('names the stores that are not ready', async () => {
    const checks = [
      { name: 'photos', ok: true, duration_ms: 1 },
      { name: 'history', ok: false, duration_ms: 1 },
    ];

    const { readiness } = await smoked(({ path }) =>
      path === '/health/ready' ? { status: 503, body: { ready: false, checks } } : healthy,
    );

    expect(readiness).toMatchObject({ outcome: 'fails', reason: 'not ready: history' });
  });

  it('names an API that lets requests in without a token', async () => {
    const { refusal } = await smoked(() => healthy);

    expect(refusal).toMatchObject({
      outcome: 'fails',
      reason: 'a request without a token is answered with 200; expected 401',
    });
  });

  it('names a sign-in that fails, and skips what needs it', async () => {
    const { url } = await jsonServer(() => healthy);

    const outcomes = await smokedAt(url, async () => Promise.reject(new Error('Incorrect username or password.')));

    expect(outcomes).toMatchObject({
      'sign-in': { outcome: 'fails', reason: 'Incorrect username or password.' },
      prediction: { outcome: 'skipped', reason: "'sign-in' does not work" },
      drop: { outcome: 'skipped' },
    });
  });

  it('names an inbox that cannot be reached', async () => {
    const { drop } = await smoked(() => healthy);

    expect(drop).toMatchObject({
      outcome: 'fails',
      reason: 'no bucket',
      advice: expect.stringContaining('credentials'),
    });
  });
});
