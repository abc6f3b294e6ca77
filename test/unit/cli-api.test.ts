import { expect, it } from 'vitest';
import { apiClient } from '../../cli/api/client.ts';
import type { Waiting } from '../../cli/api/retry.ts';
import { type Answered, addressOfNobody, jsonServer } from '../support/json-server.ts';

const connectionTo = (apiUrl: string) => ({
  apiUrl,
  accessToken: async () => 'token',
  whenUnreachable: 'the API does not answer',
});

/** Takes no time, and keeps what it would have waited. */
function noWaiting(): Waiting & { readonly waited: number[] } {
  const waited: number[] = [];
  return { waited, random: () => 1, now: () => 0, sleep: async (ms) => void waited.push(ms) };
}

const emptyPage: Answered = { body: { items: [] } };

it('sends method, path, query and token as the route says', async () => {
  const { url, received } = await jsonServer(() => emptyPage);

  await apiClient(connectionTo(`${url}/below/`))('listHistory', { query: { label: 'a b', limit: 5, from: undefined } });

  expect(received).toMatchObject([
    { method: 'GET', path: '/below/v1/history?label=a+b&limit=5', headers: { authorization: 'Bearer token' } },
  ]);
});

it('puts parameters into the path, encoded', async () => {
  const { url, received } = await jsonServer(() => ({ status: 404 }));

  await apiClient(connectionTo(url))('getPrediction', { params: { prediction_id: 'a/b' } }).catch(() => {});

  expect(received[0]!.path).toBe('/v1/history/a%2Fb');
});

it('sends no token where none is asked for', async () => {
  const { url, received } = await jsonServer(() => ({ body: { live: true } }));

  await apiClient(connectionTo(url))('live');

  expect(received[0]!.headers.authorization).toBeUndefined();
});

it('reads an answer with members that it does not know', async () => {
  const { url } = await jsonServer(() => ({ body: { items: [], total_of_tomorrow: 1 } }));

  expect(await apiClient(connectionTo(url))('listHistory')).toEqual({ items: [] });
});

it('names what is missing from an answer', async () => {
  const { url } = await jsonServer(() => ({ body: {} }));

  await expect(apiClient(connectionTo(url))('listHistory')).rejects.toThrow(
    "the API answers GET /v1/history as this kilat does not expect: 'items'",
  );
});

it.each([
  [
    'a problem document with a code of tomorrow',
    { title: 'Model asleep', detail: 'signs sleeps', code: 'model-asleep', request_id: 'r-1' },
    {},
    'Model asleep: signs sleeps (model-asleep, r-1)',
  ],
  [
    'AWS’s gateway, with a message alone',
    { message: 'Unauthorized' },
    { 'apigw-requestid': 'g-1' },
    'Unauthorized (g-1)',
  ],
  ['a proxy, with something else', 'oops', {}, 'the API answered 400'],
])('says what was refused by %s', async (_, body, headers, message) => {
  const { url } = await jsonServer(() => ({ status: 400, headers, body }));

  await expect(apiClient(connectionTo(url))('listHistory')).rejects.toMatchObject({ message });
});

it('is not misled by a page that another server sends', async () => {
  const { url } = await jsonServer(() => ({ body: '<html>' }));

  await expect(apiClient(connectionTo(url))('listHistory')).rejects.toThrow('as this kilat does not expect');
});

it('says in one sentence that nobody answers, and why', async () => {
  const url = await addressOfNobody();

  await expect(apiClient(connectionTo(url))('live')).rejects.toMatchObject({
    message: 'the API does not answer',
    cause: { code: 'ECONNREFUSED' },
  });
});

it('comes again as late as it is told', async () => {
  const answers: Answered[] = [{ status: 429, headers: { 'retry-after': '2' } }, { status: 503 }, emptyPage];
  const { url, received } = await jsonServer(() => answers.shift()!);
  const waiting = noWaiting();

  await apiClient(connectionTo(url), undefined, waiting)('listHistory');

  expect(received).toHaveLength(3);
  expect(waiting.waited).toEqual([2000, 1000]);
});

it('gives up after four attempts', async () => {
  const { url, received } = await jsonServer(() => ({ status: 503, body: { title: 'Service unavailable' } }));

  await expect(apiClient(connectionTo(url), undefined, noWaiting())('listHistory')).rejects.toThrow(
    'Service unavailable',
  );
  expect(received).toHaveLength(4);
});

it('does not wait for a quota of tomorrow, and says when to come again', async () => {
  const headers = { 'retry-after': '3600' };
  const { url, received } = await jsonServer(() => ({ status: 429, headers, body: { title: 'Too many requests' } }));

  await expect(apiClient(connectionTo(url), undefined, noWaiting())('listHistory')).rejects.toThrow(
    'Too many requests; try again in 3600 s',
  );
  expect(received).toHaveLength(1);
});

it('ends its waiting when it is stopped', async () => {
  const { url } = await jsonServer(() => ({ status: 503, headers: { 'retry-after': '20' } }));
  const stop = new AbortController();

  const call = apiClient(connectionTo(url), stop.signal)('listHistory');
  setTimeout(() => stop.abort(), 50);

  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
});
