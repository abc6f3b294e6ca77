import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../../../local/listen.ts';

/** What came of an event: the function's answer, or its error. */
export interface Outcome {
  readonly kind: 'response' | 'error';
  readonly body: string;
}

interface Invocation {
  readonly id: string;
  readonly event: string;
  readonly settle: (outcome: Outcome) => void;
}

const API = '/2018-06-01/runtime';
const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:inference';

/**
 * Lambda's Runtime API for one execution environment: it hands out events in the order in which they came and takes the
 * answers. What a function must not do (answer twice, answer what it was not asked) is refused as Lambda refuses it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  readonly #waiting: Invocation[] = [];
  readonly #atWork = new Map<string, Invocation>();
  readonly #initErrors: ((body: string) => void)[] = [];
  readonly #timeoutMs: number;
  #idle: ServerResponse | undefined;
  address = '';
  close = async (): Promise<void> => {};

  private constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** @param timeoutMs the function's, told as each event's deadline */
  static async start(timeoutMs: number): Promise<RuntimeApi> {
    const api = new RuntimeApi(timeoutMs);
    const { url, close } = await listen((request, response) => void api.#serve(request, response));
    api.address = new URL(url).host;
    api.close = close;
    return api;
  }

  /** @param event as text: it need not be JSON */
  invoke(event: string): Promise<Outcome> {
    return new Promise((settle) => {
      this.#waiting.push({ id: randomUUID(), event, settle });
      this.#handOut();
    });
  }

  /** The function could not be loaded. */
  initError(): Promise<string> {
    return new Promise((resolve) => this.#initErrors.push(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!.replace(API, '');
    if (request.method === 'GET' && path === '/invocation/next') {
      this.#idle = response;
      return this.#handOut();
    }
    const body = await text(request);
    response.writeHead(this.#take(path, body) ? 202 : 400, { 'content-type': 'application/json' }).end('{}');
  }

  /** @returns false for what nobody asked for */
  #take(path: string, body: string): boolean {
    if (path === '/init/error') {
      for (const tell of this.#initErrors) tell(body);
      return true;
    }
    const [, id, kind] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    const invocation = this.#atWork.get(id ?? '');
    if (!invocation) return false;
    this.#atWork.delete(invocation.id);
    invocation.settle({ kind: kind as Outcome['kind'], body });
    return true;
  }

  #handOut(): void {
    const [response, invocation] = [this.#idle, this.#waiting[0]];
    if (!response || !invocation) return;
    this.#idle = undefined;
    this.#waiting.shift();
    this.#atWork.set(invocation.id, invocation);
    const headers = {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': invocation.id,
      'lambda-runtime-deadline-ms': String(Date.now() + this.#timeoutMs),
      'lambda-runtime-invoked-function-arn': FUNCTION_ARN,
      'lambda-runtime-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0',
    };
    response.writeHead(200, headers).end(invocation.event);
  }
}
