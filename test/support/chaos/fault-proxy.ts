import { createHash } from 'node:crypto';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from '../../../local/listen.ts';

export interface FaultRates {
  /** share of calls that fail, of which the SDK tries most again with success */
  readonly calls: number;
  /** share of operations that fail at every try of the SDK's */
  readonly operations: number;
}

export interface FaultProxy {
  readonly url: string;
  /** Calls that failed so far. */
  faults(): number;
  close(): Promise<void>;
}

/**
 * Stands between a client and a service. Of the calls that are to fail one half is refused before the service hears of
 * it; the other is carried out, and the answer lost: what the client repeats then has happened already.
 */
export async function faultProxy(target: string, rates: FaultRates): Promise<FaultProxy> {
  let faults = 0;
  const listening = await listen(async (incoming, response) => {
    const isFailing = Math.random() < rates.calls || isDoomed(incoming, rates.operations);
    if (isFailing) faults += 1;
    try {
      const body = await buffer(incoming);
      if (isFailing && Math.random() < 0.5) return refuse(response);
      const answer = await forward(target, incoming, body);
      if (isFailing) return refuse(response);
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    } catch {
      response.destroy();
    }
  });
  return { url: listening.url, faults: () => faults, close: () => listening.close() };
}

/** The SDK names an operation alike at every try. */
function isDoomed({ headers }: IncomingMessage, share: number): boolean {
  const digest = createHash('sha256').update(String(headers['amz-sdk-invocation-id'])).digest();
  return digest.readUInt32BE() / 2 ** 32 < share;
}

function forward(target: string, incoming: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
  const { method, headers, url } = incoming;
  return new Promise((resolve, reject) => {
    request(new URL(url!, target), { method: method!, headers }, resolve).on('error', reject).end(body);
  });
}

/** One in ten is throttled, which the SDK waits out for half a second and more. */
function refuse(response: ServerResponse): void {
  const code = Math.random() < 0.1 ? 'SlowDown' : 'InternalError';
  const headers = { 'content-type': 'application/xml' };
  response.writeHead(code === 'SlowDown' ? 503 : 500, headers).end(`<Error><Code>${code}</Code></Error>`);
}
