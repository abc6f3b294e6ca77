import { EventEmitter, once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { AwsError } from '../aws-json.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';

/** A request as it came, or as we make it. */
export interface EngineRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

export interface EngineAnswer {
  readonly status: number;
  readonly headers: Record<string, string | number>;
  readonly body: string;
}

/**
 * dynalite, called in this process: its listener is handed objects that look like a request and a response, so that an
 * operation costs no second trip over TCP. That also keeps it from harm: it crashes its host when a client hangs up.
 */
export class Engine {
  /** dynalite's own: nothing else closes its store. Another listener is put in the place of its own. */
  readonly #server: Server;
  readonly #listener: RequestListener;
  #isClosed = false;

  /** @param path a folder; in memory without one */
  constructor(path?: string) {
    this.#server = inLocalAccount(() =>
      dynalite({ ...(path ? { path } : {}), createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }),
    );
    this.#listener = this.#server.listeners('request')[0] as RequestListener;
    this.#server.removeAllListeners('request');
  }

  /** Serves `onRequest`, which hands over here what it does not answer by itself. @returns the URL */
  async listen(onRequest: RequestListener, port: number): Promise<string> {
    this.#server.on('request', onRequest);
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Closes server and store. No operation may be under way: dynalite throws where nobody can catch it. */
  close(): Promise<void> {
    this.#isClosed = true;
    return new Promise((resolve, reject) => {
      this.#server.close((error) => (error ? reject(error) : resolve()));
      this.#server.closeAllConnections();
    });
  }

  /** Hands a request over as it is. */
  async pass({ method = 'POST', url = '/', headers }: EngineRequest, body: Buffer): Promise<EngineAnswer> {
    if (this.#isClosed) throw new AwsError('InternalServerError', 'the local DynamoDB has stopped', { status: 500 });
    return new Promise((resolve) => {
      const heard = Object.assign(new EventEmitter(), { method, url, headers });
      this.#listener(heard as unknown as IncomingMessage, new CapturedResponse(resolve) as unknown as ServerResponse);
      heard.emit('data', body);
      heard.emit('end');
    });
  }

  /**
   * Calls an operation of the engine's own.
   * @throws {AwsError} as the engine refuses
   */
  async call<Output>(operation: string, input: object): Promise<Output> {
    const headers = { ...OWN_HEADERS, 'x-amz-target': `DynamoDB_20120810.${operation}` };
    const { status, body } = await this.pass({ headers }, Buffer.from(JSON.stringify(input)));
    const output = JSON.parse(body || '{}');
    if (status === 200) return output;
    const code = String(output.__type ?? 'InternalServerError')
      .split('#')
      .at(-1)!;
    throw new AwsError(code, output.message ?? output.Message ?? '', { status });
  }
}

/** dynalite asks for a signature, but does not check it. */
const OWN_HEADERS: IncomingHttpHeaders = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=0',
};

/** What dynalite needs of a response: no more than it touches. */
class CapturedResponse {
  statusCode = 200;
  readonly #headers: Record<string, string | number> = {};
  readonly #resolve: (answer: EngineAnswer) => void;

  constructor(resolve: (answer: EngineAnswer) => void) {
    this.#resolve = resolve;
  }

  setHeader(name: string, value: string | number): void {
    this.#headers[name] = value;
  }

  end(body = ''): void {
    this.#resolve({ status: this.statusCode, headers: this.#headers, body });
  }
}

/** dynalite takes account and region of its ARNs from the environment, at the moment when it is made. */
function inLocalAccount<T>(make: () => T): T {
  const { AWS_ACCOUNT_ID, AWS_REGION } = process.env;
  Object.assign(process.env, { AWS_ACCOUNT_ID: LOCAL_ACCOUNT, AWS_REGION: LOCAL_REGION });
  try {
    return make();
  } finally {
    restore('AWS_ACCOUNT_ID', AWS_ACCOUNT_ID);
    restore('AWS_REGION', AWS_REGION);
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
