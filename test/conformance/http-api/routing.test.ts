import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/aws-json.ts';
import {
  type HttpApiDefinition,
  type HttpApiEvent,
  type HttpApiOptions,
  type RequestFacts,
  startHttpApi,
} from '../../../local/http-api/index.ts';
import type { Service } from '../../../local/service.ts';

/** The instant of AWS's own example event. */
const NOW = 1_583_348_638_390;

let gateway: Service;
let events: HttpApiEvent[];
let requests: RequestFacts[];
let faults: unknown[];
/** What the function answers next: JSON, or something else than an answer. */
let answer: () => Promise<string>;
let functionError: 'Unhandled' | undefined;

async function start(api: HttpApiDefinition, options: Partial<HttpApiOptions> = {}) {
  gateway = await startHttpApi({
    api,
    invoke: async (_arn, event) => {
      events.push(event);
      return {
        statusCode: 200,
        executedVersion: '$LATEST',
        requestId: 'of-lambda',
        payload: await answer(),
        functionError,
      };
    },
    jwks: async () => ({ keys: [] }),
    onRequest: (facts) => requests.push(facts),
    onFault: (error) => faults.push(error),
    now: () => NOW,
    ...options,
  });
}

const route = (routeKey: string, over = {}) => ({ routeKey, functionArn: `arn of ${routeKey}`, ...over });
const call = (path: string, init?: RequestInit) => fetch(gateway.url + path, init);

beforeEach(() => {
  events = [];
  requests = [];
  faults = [];
  functionError = undefined;
  answer = async () => '{"statusCode":200}';
});
afterEach(() => gateway.close());

describe('route selection', () => {
  // The routes and the requests of AWS's page "Create routes for HTTP APIs".
  const documented = ['GET /pets/dog/1', 'GET /pets/dog/{id}', 'GET /pets/{proxy+}', 'ANY /{proxy+}', '$default'];

  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1'],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}'],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}'],
    ['POST', '/test/5', 'ANY /{proxy+}'],
    ['POST', '/pets/dog/1', 'ANY /{proxy+}'],
    ['GET', '/', '$default'],
  ])('sends %s %s to %s', async (method, path, expected) => {
    await start({ routes: documented.map((key) => route(key)) });

    await call(path, { method });

    expect(events[0]?.routeKey).toBe(expected);
  });

  it('prefers the method to ANY', async () => {
    await start({ routes: [route('ANY /models/{name}'), route('GET /models/{name}')] });

    await call('/models/signs');

    expect(events[0]?.routeKey).toBe('GET /models/{name}');
  });

  it('answers 404 where there is neither a match nor $default', async () => {
    await start({ routes: [route('GET /models')] });

    const response = await call('/models/');

    expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
    expect(events).toEqual([]);
  });

  it('decodes path variables, and keeps rawPath as it came', async () => {
    await start({ routes: [route('GET /files/{folder}/{proxy+}')] });

    await call('/files/a%20b/c/d%2Fe');

    expect(events[0]).toMatchObject({
      rawPath: '/files/a%20b/c/d%2Fe',
      pathParameters: { folder: 'a b', proxy: 'c/d/e' },
    });
  });

  it('answers 400 to a path variable that is not well encoded', async () => {
    await start({ routes: [route('GET /files/{name}')] });

    expect((await call('/files/%E0%A4%A')).status).toBe(400);
  });
});

describe('the event', () => {
  it('has the shape that AWS documents for payload 2.0', async () => {
    await start({ apiId: 'api-id', routes: [route('$default')] });

    await raw('POST', '/my/path?parameter1=value1&parameter1=value2&parameter2=value', {
      headers: [
        ['Cookie', 'cookie1=a; cookie2=b'],
        ['Header1', 'value1'],
        ['Header2', 'value1'],
        ['HEADER2', 'value2'],
        ['User-Agent', 'agent'],
        ['Content-Type', 'text/plain'],
      ],
      body: 'Hello from client!',
    });

    expect(events[0]).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/my/path',
      rawQueryString: 'parameter1=value1&parameter1=value2&parameter2=value',
      cookies: ['cookie1=a', 'cookie2=b'],
      headers: {
        header1: 'value1',
        header2: 'value1,value2',
        'content-length': '18',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      },
      queryStringParameters: { parameter1: 'value1,value2', parameter2: 'value' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'api-id',
        domainName: '127.0.0.1',
        http: { method: 'POST', path: '/my/path', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'agent' },
        requestId: expect.any(String),
        routeKey: '$default',
        stage: '$default',
        time: '04/Mar/2020:19:03:58 +0000',
        timeEpoch: NOW,
      },
      body: 'Hello from client!',
      isBase64Encoded: false,
    });
    expect(events[0]?.headers).not.toHaveProperty('cookie');
    expect(events[0]?.requestContext).not.toHaveProperty('authorizer');
  });

  it('leaves out what the request does not have', async () => {
    await start({ routes: [route('GET /models')] });

    await call('/models');

    for (const absent of ['cookies', 'queryStringParameters', 'pathParameters', 'body']) {
      expect(events[0]).not.toHaveProperty(absent);
    }
  });

  it.each([
    ['application/json', '{"a":1}', false],
    ['application/json; charset=utf-8', '{"a":1}', false],
    ['application/xml', '<a/>', false],
    ['application/javascript', 'a()', false],
    ['application/x-www-form-urlencoded', 'a=1', false],
    ['text/csv', 'a,b', false],
    ['image/jpeg', 'ÿØÿà', true],
    ['application/octet-stream', 'a', true],
  ])('carries %s as text or base64', async (contentType, body, isBase64Encoded) => {
    await start({ routes: [route('$default')] });

    await call('/', { method: 'POST', body, headers: { 'content-type': contentType } });

    const expected = isBase64Encoded ? Buffer.from(body).toString('base64') : body;
    expect(events[0]).toMatchObject({ body: expected, isBase64Encoded });
  });
});

describe('the response', () => {
  it.each([
    ['an object', '{"message":"Hello from Lambda!"}', '{"message":"Hello from Lambda!"}'],
    ['a string', '"Hello from Lambda!"', 'Hello from Lambda!'],
  ])('is inferred from %s without a status code', async (_kind, payload, body) => {
    await start({ routes: [route('$default')] });
    answer = async () => payload;

    const response = await call('/');

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe(body);
  });

  it('has the status, headers, cookies and body that the function states', async () => {
    await start({ routes: [route('$default')] });
    answer = async () =>
      JSON.stringify({
        cookies: ['cookie1=a', 'cookie2=b; Secure'],
        isBase64Encoded: true,
        statusCode: 201,
        headers: { Headername: 'headervalue', 'X-Count': 3, 'Content-Type': 'image/png' },
        body: Buffer.from([137, 80, 78, 71]).toString('base64'),
      });

    const response = await call('/');

    expect(response.status).toBe(201);
    expect(response.headers.get('headername')).toBe('headervalue');
    expect(response.headers.get('x-count')).toBe('3');
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.getSetCookie()).toEqual(['cookie1=a', 'cookie2=b; Secure']);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([137, 80, 78, 71]);
  });

  it('to HEAD has the length of the body, but no body', async () => {
    await start({ routes: [route('$default')] });
    answer = async () => '{"statusCode":200,"body":"abc"}';

    const response = await call('/', { method: 'HEAD' });

    expect(response.headers.get('content-length')).toBe('3');
    expect(await response.text()).toBe('');
  });

  it.each([
    ['a body that is no string', '{"statusCode":200,"body":{"a":1}}'],
    ['a status that is no number', '{"statusCode":"fine"}'],
    ['a status out of range', '{"statusCode":99}'],
    ['a header with a line break', '{"statusCode":200,"headers":{"a":"b\\r\\nc: d"}}'],
    ['headers that are no object', '{"statusCode":200,"headers":"a"}'],
    ['cookies that are no list', '{"statusCode":200,"cookies":"a=b"}'],
  ])('is 500 for %s', async (_kind, payload) => {
    await start({ routes: [route('$default')] });
    answer = async () => payload;

    const response = await call('/');

    expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
  });
});

describe('what the gateway refuses by itself', () => {
  it('a failed function is 500', async () => {
    await start({ routes: [route('$default')] });
    functionError = 'Unhandled';

    const response = await call('/');

    expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
    expect(faults).toEqual([]);
  });

  it('a function beyond the timeout is 503', async () => {
    await start({ routes: [route('$default', { timeoutMs: 50 })] });
    answer = () => new Promise(() => {});

    const response = await call('/');

    expect([response.status, await response.json()]).toEqual([503, { message: 'Service Unavailable' }]);
  });

  it.each([
    ['RequestTooLargeException', 413, 'Request Entity Too Large'],
    ['TooManyRequestsException', 503, 'Service Unavailable'],
    ['ResourceNotFoundException', 500, 'Internal Server Error'],
  ])('%s of Lambda is %i', async (code, status, message) => {
    await start({ routes: [route('$default')] });
    answer = async () => {
      throw new AwsError(code, 'in the words of Lambda');
    };

    const response = await call('/');

    expect([response.status, await response.json()]).toEqual([status, { message }]);
  });

  it('a fault of its own is 500, and is told', async () => {
    await start({ routes: [route('$default')] });
    answer = async () => {
      throw new TypeError('a fault');
    };

    expect((await call('/')).status).toBe(500);
    expect(faults).toEqual([new TypeError('a fault')]);
  });

  it.each([
    ['announced', Buffer.alloc(10 * 1024 * 1024 + 1)],
    ['streamed', new Blob([Buffer.alloc(10 * 1024 * 1024 + 1)]).stream()],
  ])('a body above 10 MB, %s, is 413', async (_kind, body) => {
    await start({ routes: [route('$default')] });

    const response = await call('/', { method: 'POST', body, duplex: 'half' } as RequestInit);

    expect([response.status, await response.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
    expect(events).toEqual([]);
  });

  it('requests beyond the burst are 429', async () => {
    await start({ routes: [route('$default')], throttling: { rateLimit: 1, burstLimit: 2 } });

    const statuses = [(await call('/')).status, (await call('/')).status, (await call('/')).status];

    expect(statuses).toEqual([200, 200, 429]);
  });

  it('has the body that the platform writes', async () => {
    await start(
      { routes: [] },
      {
        refusal: (status, { requestId, path, message }) => ({
          contentType: 'application/problem+json',
          body: JSON.stringify({ type: 'about:blank', status, instance: path, request_id: requestId, message }),
        }),
      },
    );

    const response = await call('/nowhere');

    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      status: 404,
      instance: '/nowhere',
      request_id: response.headers.get('apigw-requestid'),
      message: 'Not Found',
    });
  });
});

describe('CORS', () => {
  const cors = {
    allowOrigins: ['https://console.example.com'],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['authorization', 'content-type'],
    exposeHeaders: ['apigw-requestid'],
    allowCredentials: true,
    maxAgeSeconds: 300,
  };
  const origin = 'https://console.example.com';
  const preflight = (from: string) => ({
    method: 'OPTIONS',
    headers: { origin: from, 'access-control-request-method': 'POST' },
  });
  const corsOf = (response: Response) =>
    Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('access-control-')));

  it('answers a preflight without asking a function', async () => {
    await start({ routes: [route('$default')], cors });

    const response = await call('/v1/predict', preflight(origin));

    expect(response.status).toBe(204);
    expect(corsOf(response)).toEqual({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-expose-headers': 'apigw-requestid',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '300',
    });
    expect(events).toEqual([]);
  });

  it('says nothing to another origin', async () => {
    await start({ routes: [route('$default')], cors });

    const responses = [
      await call('/', preflight('https://evil.example')),
      await call('/', { headers: { origin: 'https://evil.example' } }),
    ];

    expect(responses.map((response) => response.status)).toEqual([204, 200]);
    expect(responses.map(corsOf)).toEqual([{}, {}]);
  });

  it('replaces the CORS headers of the function, and adds them to refusals', async () => {
    await start({ routes: [route('GET /')], cors });
    answer = async () => '{"statusCode":200,"headers":{"access-control-allow-origin":"*"}}';

    const responses = [await call('/', { headers: { origin } }), await call('/nowhere', { headers: { origin } })];

    expect(responses.map((response) => response.headers.get('access-control-allow-origin'))).toEqual([origin, origin]);
  });

  it.each([
    ['*', '*'],
    ['https://*', origin],
    ['http://*', null],
  ])('allows %s', async (allowed, expected) => {
    await start({ routes: [route('$default')], cors: { allowOrigins: [allowed] } });

    const response = await call('/', { headers: { origin } });

    expect(response.headers.get('access-control-allow-origin')).toBe(expected);
  });

  it('is the affair of the function where the API has none', async () => {
    await start({ routes: [route('OPTIONS /')] });

    await call('/', preflight(origin));

    expect(events).toHaveLength(1);
  });
});

describe('every request', () => {
  it('is told once, and its id is on the response', async () => {
    await start({ routes: [route('GET /models')] });
    answer = async () => '{"statusCode":200,"body":"täglich"}';

    const response = await call('/models?top_k=3');
    await response.text();

    await expect
      .poll(() => requests)
      .toEqual([
        {
          requestId: response.headers.get('apigw-requestid'),
          method: 'GET',
          path: '/models',
          status: 200,
          durationMs: expect.any(Number),
          bytes: 8,
        },
      ]);
    expect(events[0]?.requestContext.requestId).toBe(response.headers.get('apigw-requestid'));
  });

  it('that breaks off while it is sent is told as 499, and harms nothing', async () => {
    await start({ routes: [route('$default')] });

    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.write('POST /photos HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\nhalf', () => socket.destroy());

    await expect.poll(() => requests.map(({ path, status }) => [path, status])).toEqual([['/photos', 499]]);
    expect(faults).toEqual([]);
    expect((await call('/')).status).toBe(200);
  });

  it('that is not HTTP gets a 400', async () => {
    await start({ routes: [route('$default')] });

    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1').setEncoding('utf8');
    socket.write('this is not HTTP\r\n\r\n');
    const [said] = await Promise.all([new Promise<string>((resolve) => socket.once('data', resolve))]);

    expect(said).toMatch(/^HTTP\/1\.1 400 /);
    expect((await call('/')).status).toBe(200);
  });
});

/** A request with headers just as they are given: fetch joins and refuses some. */
async function raw(method: string, path: string, { headers, body }: { headers: [string, string][]; body: string }) {
  const grouped = Map.groupBy(headers, ([name]) => name.toLowerCase());
  const request = httpRequest(gateway.url + path, {
    method,
    headers: Object.fromEntries([...grouped].map(([name, pairs]) => [name, pairs.map(([, value]) => value)])),
  });
  request.end(body);
  await new Promise((resolve, reject) =>
    request.on('response', (response) => resolve(response.resume())).on('error', reject),
  );
}
