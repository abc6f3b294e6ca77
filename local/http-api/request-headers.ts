import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** They concern one connection only, and end at the gateway. */
export const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The headers of an event: lower case, those sent more than once joined by a comma, with the gateway's own. */
export function eventHeaders(request: IncomingMessage, bodyBytes: number, nowMs: number): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of headerPairs(request)) {
    if (HOP_BY_HOP.has(name) || name === 'cookie') continue;
    headers[name] = name in headers ? `${headers[name]},${value}` : value;
  }
  const address = sourceIp(request);
  return {
    'x-amzn-trace-id': `Root=1-${Math.floor(nowMs / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
    ...headers,
    'content-length': String(bodyBytes),
    'x-forwarded-for': headers['x-forwarded-for'] ? `${headers['x-forwarded-for']}, ${address}` : address,
    'x-forwarded-port': String(request.socket.localPort ?? ''),
    'x-forwarded-proto': 'http',
  };
}

/** Each cookie by itself; payload 2.0 keeps them apart from the headers. */
export function eventCookies(request: IncomingMessage): string[] {
  return headerPairs(request)
    .filter(([name]) => name === 'cookie')
    .flatMap(([, value]) => value.split(/;\s*/))
    .filter(Boolean);
}

export const sourceIp = (request: IncomingMessage): string => request.socket.remoteAddress ?? '127.0.0.1';

/** From the raw headers: Node's own object joins with a comma and a blank, and drops some that come twice. */
function headerPairs({ rawHeaders }: IncomingMessage): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index]!.toLowerCase(), rawHeaders[index + 1]!]);
  }
  return pairs;
}
