import { ForbiddenError } from '@kilat/core';
import { http, InvalidEnvironmentError, observe, readEnv } from '@kilat/lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { anHttpEvent, demoClaims } from '../support/http-event.ts';
import { aRecord } from '../support/prediction.ts';
import { noQuota } from '../support/quota.ts';

const ID = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';

/** The history function, its logic replaced by what a case needs. */
const handlerWith = (parts: { list?: () => Promise<unknown>; get?: () => Promise<unknown> }) =>
  http<'history'>(
    observe('history'),
    {
      listHistory: (parts.list ?? (async () => ({ items: [] }))) as never,
      getPrediction: (parts.get ?? (async () => aRecord())) as never,
    },
    noQuota,
  );

const list = (parts: Parameters<typeof anHttpEvent>[0] = {}) => anHttpEvent({ routeKey: 'GET /v1/history', ...parts });

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  }
});
afterEach(() => vi.restoreAllMocks());

describe('an HTTP handler', () => {
  it('answers JSON with the request id that the caller chose', async () => {
    const answer = await handlerWith({})(list({ headers: { 'x-request-id': 'my-request' } }));

    expect(answer).toMatchObject({ statusCode: 200, body: '{"items":[]}', headers: { 'x-request-id': 'my-request' } });
  });

  it.each(['a b', 'x'.repeat(129), 'a\nb', ''])('takes the gateway’s request id instead of %j', async (id) => {
    const answer = await handlerWith({})(list({ headers: { 'x-request-id': id } }));

    expect(answer.headers).toMatchObject({ 'x-request-id': 'gateway-request-id' });
  });

  it('hands the operation its checked query, with defaults', async () => {
    const seen: unknown[] = [];
    const handler = http<'history'>(
      observe('history'),
      {
        listHistory: async ({ query, identity }) => {
          seen.push(query, identity);
          return { items: [] };
        },
        getPrediction: async () => aRecord(),
      },
      noQuota,
    );

    await handler(list({ query: { label: '3' } }));

    expect(seen).toEqual([
      { label: '3', limit: 20 },
      { tenantId: 'demo', userId: demoClaims.sub, isAdmin: false },
    ]);
  });

  it.each([
    { limit: '0' },
    { limit: '101' },
    { limit: 'many' },
    { from: 'yesterday' },
    { model: '../etc/passwd' },
    { source: 'fax' },
    { label: '' },
  ])('refuses the query %j and names the field', async (query) => {
    const answer = await handlerWith({})(list({ query }));

    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body!)).toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer: Object.keys(query)[0] }],
    });
  });

  it('refuses a path that is no id', async () => {
    const answer = await handlerWith({})(
      anHttpEvent({ routeKey: 'GET /v1/history/{prediction_id}', params: { prediction_id: "1' OR '1'='1" } }),
    );

    expect(JSON.parse(answer.body!)).toMatchObject({ status: 400, errors: [{ pointer: 'prediction_id' }] });
  });

  it('refuses a request whose token the gateway has not verified', async () => {
    const answer = await handlerWith({})(list({ claims: null }));

    expect([answer.statusCode, JSON.parse(answer.body!).code]).toEqual([401, 'unauthorized']);
  });

  it('refuses an id token', async () => {
    const answer = await handlerWith({})(list({ claims: { ...demoClaims, token_use: 'id' } }));

    expect(answer.statusCode).toBe(401);
  });

  it('turns a refusal into its problem document', async () => {
    const handler = handlerWith({ get: () => Promise.reject(new ForbiddenError('not yours')) });

    const answer = await handler(
      anHttpEvent({
        routeKey: 'GET /v1/history/{prediction_id}',
        path: `/v1/history/${ID}`,
        params: { prediction_id: ID },
      }),
    );

    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(JSON.parse(answer.body!)).toEqual({
      type: '/problems/forbidden',
      title: 'Forbidden',
      status: 403,
      detail: 'not yours',
      error: 'not yours',
      instance: `/v1/history/${ID}`,
      code: 'forbidden',
      request_id: 'gateway-request-id',
    });
  });

  it('says nothing of what went wrong with us, and logs it', async () => {
    const answer = await handlerWith({ list: () => Promise.reject(new Error('secret table name')) })(list());

    expect([answer.statusCode, answer.body!.includes('secret')]).toEqual([500, false]);
    expect(lines.some((line) => line.includes('"level":"ERROR"') && line.includes('secret table name'))).toBe(true);
  });

  it('answers 500 rather than a body that breaks the contract', async () => {
    const answer = await handlerWith({ list: async () => ({ items: [{ prediction_id: 'nonsense' }] }) })(list());

    expect(answer.statusCode).toBe(500);
  });

  it('answers 404 to what no operation serves', async () => {
    const answer = await handlerWith({})(anHttpEvent({ routeKey: '$default', path: '/v1/nothing' }));

    expect(JSON.parse(answer.body!)).toMatchObject({ status: 404, code: 'route-not-found', instance: '/v1/nothing' });
  });

  it('logs one line a request, with who asked and how it ended', async () => {
    await handlerWith({})(list());

    const completed = lines.map((line) => JSON.parse(line)).filter((line) => line.message === 'request completed');
    expect(completed).toHaveLength(1);
    expect(completed[0]).toMatchObject({
      level: 'INFO',
      service: 'history',
      request_id: 'gateway-request-id',
      tenant_id: 'demo',
      operation: 'listHistory',
      status: 200,
    });
  });

  it('counts the request in embedded metric format', async () => {
    await handlerWith({})(list());

    const metrics = lines.map((line) => JSON.parse(line)).find((line) => '_aws' in line);
    expect(metrics).toMatchObject({
      service: 'history',
      operation: 'listHistory',
      ColdStart: 1,
      Errors: 0,
      Refusals: 0,
    });
    expect(metrics._aws.CloudWatchMetrics[0].Namespace).toBe('Kilat');
  });

  it('counts one cold start, then none', async () => {
    const handler = handlerWith({});
    await handler(list());
    lines.length = 0;

    await handler(list());

    expect(lines.map((line) => JSON.parse(line)).find((line) => '_aws' in line)).toMatchObject({ ColdStart: 0 });
  });
});

describe('the environment of a function', () => {
  it('is refused with the names of all that is missing or wrong', () => {
    const env = { LAMBDA_TASK_ROOT: '/var/task', STAGE: 'local', LOG_LEVEL: 'LOUD' };

    expect(() => readEnv('history', env)).toThrow(InvalidEnvironmentError);
    expect(() => readEnv('history', env)).toThrow(/LOG_LEVEL.*HISTORY_TABLE/);
  });
});
