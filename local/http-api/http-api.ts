import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JSONWebKeySet } from 'jose';
import { listen } from '../listen.ts';
import type { Clock, Service } from '../service.ts';
import { isPreflight, preflight, withCors } from './cors.ts';
import type { HttpApiDefinition } from './definition.ts';
import { httpApiEvent, splitUrl } from './event.ts';
import type { HttpResponse } from './function-response.ts';
import { callFunction, type Invoke } from './integration.ts';
import { authorize } from './jwt-authorizer.ts';
import { KeySets } from './key-sets.ts';
import { awsRefusal, RefusalError, type WriteRefusal } from './refusal.ts';
import { readRequestBody } from './request-body.ts';
import { RouteTable } from './route-table.ts';
import { TokenBucket } from './token-bucket.ts';

export interface HttpApiOptions {
  readonly api: HttpApiDefinition;
  readonly invoke: Invoke;
  /** The public keys of an issuer that an authorizer names. */
  readonly jwks: (issuer: string) => Promise<JSONWebKeySet>;
  /** Told of every request once, when its connection is done with it. */
  readonly onRequest: (facts: RequestFacts) => void;
  /** Faults of the gateway itself, which the client sees as a 500. */
  readonly onFault?: (error: unknown) => void;
  /** @default as AWS: `{"message":"Unauthorized"}` */
  readonly refusal?: WriteRefusal;
  /** @default a free one */
  readonly port?: number;
  readonly now?: Clock;
}

export interface RequestFacts {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  /** 499 where the client hung up before the response was sent. */
  readonly status: number;
  readonly durationMs: number;
  /** Of the response body. */
  readonly bytes: number;
}

/** Serves an HTTP API whose routes all end in functions. */
export function startHttpApi(options: HttpApiOptions): Promise<Service> {
  const gateway = new HttpApi(options);
  return listen((request, response) => {
    gateway.handle(request, response).catch((error) => {
      options.onFault?.(error); // e.g. a refusal that could not be written
      response.destroy();
    });
  }, options.port);
}

class HttpApi {
  readonly #options: HttpApiOptions;
  readonly #routes: RouteTable;
  readonly #keySets: KeySets;
  readonly #throttle: TokenBucket | undefined;
  readonly #now: Clock;

  constructor(options: HttpApiOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#routes = new RouteTable(options.api.routes);
    this.#keySets = new KeySets(options.jwks);
    this.#throttle = options.api.throttling && new TokenBucket(options.api.throttling, this.#now);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = newRequestId();
    const began = performance.now();
    let bytes = 0;
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : 499;
      const durationMs = performance.now() - began;
      this.#options.onRequest({ requestId, ...target(request), status, durationMs, bytes });
    });

    const answer = await this.#answer(request, requestId);

    bytes = answer.body.length;
    send(response, answer, requestId);
  }

  async #answer(request: IncomingMessage, requestId: string): Promise<HttpResponse> {
    const { cors } = this.#options.api;
    const { origin } = request.headers;
    if (cors && isPreflight(request)) return preflight(cors, origin);
    const response = await this.#answerOrRefuse(request, requestId);
    return cors ? withCors(response, cors, origin) : response;
  }

  async #answerOrRefuse(request: IncomingMessage, requestId: string): Promise<HttpResponse> {
    try {
      return await this.#route(request, requestId);
    } catch (error) {
      if (error instanceof RefusalError) return this.#refuse(request, requestId, error);
      // A broken upload is the client's affair; nobody is left to read the answer.
      if (!request.destroyed || request.complete) this.#options.onFault?.(error);
      return this.#refuse(request, requestId, new RefusalError(500));
    }
  }

  async #route(request: IncomingMessage, requestId: string): Promise<HttpResponse> {
    const { api, invoke } = this.#options;
    const { method, path } = target(request);
    if (this.#throttle?.take() === false) throw new RefusalError(429);
    const match = this.#select(method, path);
    if (!match) throw new RefusalError(404);

    const nowMs = this.#now();
    const { authorizer } = match.route;
    const jwt =
      authorizer && (await authorize(authorizer, request.headers.authorization, { keySets: this.#keySets, nowMs }));
    const body = await readRequestBody(request);
    const event = httpApiEvent({ apiId: api.apiId ?? 'local', requestId, request, body, match, jwt, nowMs });
    return callFunction(invoke, event, match.route);
  }

  #select(method: string, path: string) {
    try {
      return this.#routes.select(method, path);
    } catch (cause) {
      throw new RefusalError(400, {}, { cause }); // a path variable that is not well encoded
    }
  }

  #refuse(request: IncomingMessage, requestId: string, error: RefusalError): HttpResponse {
    const write = this.#options.refusal ?? awsRefusal;
    const { contentType, body } = write(error.status, { requestId, ...target(request), message: error.message });
    return {
      status: error.status,
      headers: { 'content-type': contentType, ...error.headers },
      body: Buffer.from(body),
    };
  }
}

function send(response: ServerResponse, { status, headers, body }: HttpResponse, requestId: string): void {
  if (response.destroyed) return;
  const isEmpty = status === 204 || status === 304;
  response.writeHead(status, {
    ...headers,
    ...(isEmpty ? {} : { 'content-length': String(body.length) }),
    'apigw-requestid': requestId,
  });
  response.end(isEmpty ? undefined : body);
}

const target = (request: IncomingMessage) => ({ method: request.method ?? 'GET', path: splitUrl(request).rawPath });

/** In the look of AWS: `Mc7UVioPPHcEKPA=`. */
const newRequestId = () => randomBytes(11).toString('base64url').concat('=');
