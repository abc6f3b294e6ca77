import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, example, predictBytes, predictJson, tokenOf } from '../support/api.ts';

let token: string;
let photo: Buffer;
beforeAll(async () => {
  [token, photo] = await Promise.all([tokenOf('user'), example('three.jpg')]);
});

/** Every refusal is a problem document with the code that the contract promises. */
function expectProblem(answer: Awaited<ReturnType<typeof call>>, status: number, code: string): void {
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body).toMatchObject({
    title: expect.any(String),
    status,
    instance: expect.any(String),
    request_id: expect.any(String),
  });
}

/** A PNG whose header claims 50,000 x 50,000 pixels. */
function pngBomb(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(50_000, 0);
  header.writeUInt32BE(50_000, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.alloc(150_001));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

describe('an image that cannot be read', () => {
  it.each([
    ['text named .jpg', () => Buffer.from('this is not a photo'), 415, 'unsupported-image-format'],
    ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 415, 'unsupported-image-format'],
    ['a PDF', () => Buffer.from('%PDF-1.7\n'), 415, 'unsupported-image-format'],
    ['nothing', () => Buffer.alloc(0), 422, 'undecodable-image'],
    ['half a photo', () => photo.subarray(0, photo.length / 2), 422, 'undecodable-image'],
    ['three bytes of a photo', () => photo.subarray(0, 3), 422, 'undecodable-image'],
    ['50,000 x 50,000 pixels', pngBomb, 422, 'image-too-many-pixels'],
    [
      '3 MiB and one byte',
      () => Buffer.concat([photo, Buffer.alloc(3 * 1024 * 1024 + 1 - photo.length)]),
      413,
      'image-too-large',
    ],
  ])('is refused: %s', async (_, make, status, code) => {
    expectProblem(await predictBytes(token, new Uint8Array(make())), status, code);
  });

  it('is read when a photo of just 3 MiB comes', async () => {
    const padded = Buffer.concat([photo, Buffer.alloc(3 * 1024 * 1024 - photo.length)]);

    expect((await predictBytes(token, new Uint8Array(padded))).status).toBe(200);
  });

  it('is refused when the body is larger than a function may be handed, or the gateway takes', async () => {
    expectProblem(await predictBytes(token, Buffer.alloc(5 * 1024 * 1024)), 413, 'payload-too-large');
    expectProblem(await predictBytes(token, Buffer.alloc(10 * 1024 * 1024 + 1)), 413, 'payload-too-large');
  });
});

describe('a request that makes no sense', () => {
  it('is refused with an unknown model', async () => {
    expectProblem(await predictBytes(token, new Uint8Array(photo), '?model=nothing'), 404, 'model-not-found');
  });

  it.each(['top_k=0', 'top_k=-1', 'top_k=many', 'top_k=1001', 'top_k=1.5', 'model=../../etc', 'model=SIGNS'])(
    'is refused with %s',
    async (query) => {
      expectProblem(await predictBytes(token, new Uint8Array(photo), `?${query}`), 400, 'invalid-request');
    },
  );

  it.each([
    ['a form without its boundary', 'multipart/form-data', '--x', 400, 'malformed-request'],
    [
      'a form that ends early',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="image"',
      400,
      'malformed-request',
    ],
    ['half a JSON body', 'application/json', '{"image_base64": "', 400, 'malformed-request'],
    ['JSON that is no object', 'application/json', '[]', 400, 'invalid-request'],
    ['no base64', 'application/json', '{"image_base64": "%%%"}', 400, 'malformed-request'],
    ['no image member', 'application/json', '{"picture": "x"}', 400, 'invalid-request'],
    ['a kind of body that is not read', 'application/xml', '<image/>', 415, 'unsupported-media-type'],
  ])('is refused with %s', async (_, contentType, body, status, code) => {
    expectProblem(await predictBytes(token, body, '', { 'content-type': contentType }), status, code);
  });

  it('is refused on a path that is none', async () => {
    expectProblem(await call('/v1/nothing', { token }), 404, 'route-not-found');
    expectProblem(await call('/v1/predict', { token }), 404, 'route-not-found');
  });
});

describe('an image URL', () => {
  const server = createServer((request, response) => {
    if (request.url === '/redirect') response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' });
    response.end();
  });
  let origin: string;
  let calls = 0;
  beforeAll(async () => {
    server.on('request', () => calls++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  it.each([
    'http://127.0.0.1/three.jpg',
    'http://localhost/three.jpg',
    'http://[::1]/three.jpg',
    'http://[::ffff:127.0.0.1]/three.jpg',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/three.jpg',
    'file:///etc/passwd',
    'nonsense',
  ])('is refused: %s', async (image_url) => {
    expectProblem(await predictJson(token, { image_url }), 422, 'image-url-not-allowed');
  });

  it('is refused before the inner server that it names is called', async () => {
    expectProblem(await predictJson(token, { image_url: `${origin}/redirect` }), 422, 'image-url-not-allowed');
    expect(calls).toBe(0);
  });

  it('is refused when its name leads nowhere', async () => {
    expectProblem(
      await predictJson(token, { image_url: 'http://nowhere.invalid/three.jpg' }),
      422,
      'image-url-unreachable',
    );
  });
});
