import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { assertWebhookUrl, postWebhook, webhookSignature } from '@kilat/adapters/webhook';
import type { WebhookRequest } from '@kilat/core';
import { describe, expect, it, onTestFinished } from 'vitest';

/** The example of Standard Webhooks' specification. */
const example: WebhookRequest = {
  url: 'https://example.com/hook',
  id: 'msg_loFOjxBNrRLzqYUf',
  timestamp: 1731705121,
  body: '{"event_type":"ping","data":{"success":true}}',
  secret: 'whsec_plJ3nmyCDGBKInavdOK15jsl',
};
const SIGNATURE = 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=';

async function aReceiver(status: number, headers: Record<string, string> = {}) {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(status, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { received, port, call: { ...example, url: `http://127.0.0.1:${port}/hook` } };
}

const anywhere = () => true;

describe('a webhook', () => {
  it('is signed as the specification’s example', () => {
    expect(webhookSignature(example.secret, example)).toBe(SIGNATURE);
  });

  it('is posted with id, time and signature', async () => {
    const { received, call } = await aReceiver(204);

    await postWebhook(call, anywhere);

    expect(received).toEqual([
      {
        body: example.body,
        headers: expect.objectContaining({
          'content-type': 'application/cloudevents+json',
          'webhook-id': example.id,
          'webhook-timestamp': '1731705121',
          'webhook-signature': SIGNATURE,
        }),
      },
    ]);
  });

  it.each([302, 404, 500])('that answers %s is not delivered, and no redirect is followed', async (status) => {
    const { received, port, call } = await aReceiver(status, { location: '/elsewhere' });

    await expect(postWebhook(call, anywhere)).rejects.toMatchObject({
      code: 'webhook-not-delivered',
      message: `the webhook URL answered ${status}`,
    });
    expect([received.length, port > 0]).toEqual([1, true]);
  });

  it('that nobody answers at is not delivered', async () => {
    await expect(postWebhook({ ...example, url: 'http://127.0.0.1:1/' }, anywhere)).rejects.toMatchObject({
      code: 'webhook-not-delivered',
    });
  });

  it('is called at no name that leads to us', async () => {
    const { received, port } = await aReceiver(204);

    await expect(postWebhook({ ...example, url: `http://localhost:${port}/` })).rejects.toMatchObject({
      code: 'webhook-url-not-allowed',
    });
    expect(received).toEqual([]);
  });
});

it.each([
  'http://127.0.0.1/hook',
  'http://169.254.169.254/latest/meta-data',
  'http://[::1]/hook',
  'https://user:secret@example.com/hook',
  'ftp://example.com/hook',
  'example.com/hook',
])('refuses %s before a job is taken on', (url) => {
  expect(() => assertWebhookUrl(url)).toThrow(expect.objectContaining({ code: 'webhook-url-not-allowed' }));
});
