import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { problemSchema } from '@kilat/contracts';
import { describe, expect, it } from 'vitest';
import { Closers } from '../../local/closers.ts';
import { problemRefusal } from '../../local/gateway-problems.ts';
import { greeting } from '../../local/greeting.ts';
import { InFlight } from '../../local/in-flight.ts';
import { freePort } from '../../local/port.ts';
import { requestLine } from '../../local/request-line.ts';

describe('greeting', () => {
  const facts = { apiUrl: 'http://127.0.0.1:3000', photo: 'models/signs/examples/seven.jpg' };

  it('can be pasted', () => {
    const text = greeting(facts);

    expect(text).toContain('\n  TOKEN=$(npm run --silent kilat -- token)\n');
    expect(text.match(/^ {2}curl -s .*http:\/\/127\.0\.0\.1:3000\/v1\/\S+$/gm)).toHaveLength(3);
  });

  it('names the data folder where the commands would not find it, as the shell takes it', () => {
    const text = greeting({ ...facts, dataDir: "/tmp/it's mine" });

    expect(text).toContain("KILAT_DATA='/tmp/it'\\''s mine' npm run");
  });
});

it('a request is one line, without its query', () => {
  const facts = { requestId: 'req=', method: 'GET', path: '/v1/history', status: 200, durationMs: 5.678, bytes: 9 };

  expect(requestLine(facts, new Date(2026, 10, 20, 9, 30, 5))).toBe('09:30:05 GET    /v1/history 200 5.7 ms req=');
});

describe('refusals of the gateway', () => {
  const request = { requestId: 'req-1', method: 'GET', path: '/v1/history', message: 'Unauthorized' };

  it('are problem documents that keep the words of AWS', () => {
    const { contentType, body } = problemRefusal(401, request);

    expect(contentType).toBe('application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ code: 'unauthorized', instance: '/v1/history', message: 'Unauthorized' });
  });

  it.each([400, 401, 403, 404, 413, 429, 500, 503] as const)('say %s as the contract does', (status) => {
    const document = problemSchema.parse(JSON.parse(problemRefusal(status, request).body));

    expect(document.status).toBe(status);
  });
});

describe('closers', () => {
  it('close in reverse order, all of them, once', async () => {
    const closed: string[] = [];
    const closers = new Closers();
    closers.add(() => void closed.push('first'));
    closers.add(() => Promise.reject(new Error('stuck')));
    closers.add(() => void closed.push('last'));

    await expect(closers.close()).rejects.toThrow('stuck');
    await expect(closers.close()).rejects.toThrow('stuck');

    expect(closed).toEqual(['last', 'first']);
  });
});

describe('requests in flight', () => {
  it('are waited for', async () => {
    const inFlight = new InFlight();
    inFlight.begin('a');
    const settled = inFlight.settled(10_000);
    inFlight.end('a');

    await expect(settled).resolves.toBeUndefined();
  });

  it('are not waited for beyond the limit', async () => {
    const inFlight = new InFlight();
    inFlight.begin('a');

    await expect(inFlight.settled(1)).resolves.toBeUndefined();
  });
});

describe('port', () => {
  it('is picked where 0 is asked for', async () => {
    expect(await freePort(0)).toBeGreaterThan(0);
  });

  it('is named when somebody else has it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;

    await expect(freePort(port)).rejects.toThrow(`port ${port} is in use by another program`);
    server.close();
  });
});
