import {
  type FunctionName,
  type Identity,
  type OperationId,
  PROBLEM_MEDIA_TYPE,
  problem,
  problems,
  REQUEST_ID_HEADER,
  REQUEST_ID_PATTERN,
  type Route,
  routeKey,
  routes,
} from '@kilat/contracts';
import {
  identityFrom,
  PlatformError,
  type Quota,
  RouteNotFoundError,
  TooManyRequestsError,
  UnauthorizedError,
} from '@kilat/core';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyEventV2WithJWTAuthorizer,
  APIGatewayProxyStructuredResultV2,
} from 'aws-lambda';
import type * as z from 'zod';
import { readJsonBody } from './json-body.ts';
import type { Observability } from './observability.ts';
import { parseWith } from './parse.ts';
import { countPredictions, type PredictionBody, readPredictionBody } from './prediction-body.ts';
import { QuotaGate } from './quota-gate.ts';

type Routes = typeof routes;
type SchemaOf<R, Part extends string> = R extends { readonly [P in Part]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;

/** What an operation is handed: everything checked, nothing left to parse. */
export interface HttpRequest<R> {
  readonly requestId: string;
  readonly query: SchemaOf<R, 'query'>;
  readonly params: SchemaOf<R, 'params'>;
  readonly body: SchemaOf<R, 'body'>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Who asks; public operations have nobody. */
  readonly identity: R extends { readonly access: 'token' } ? Identity : undefined;
  /** Rejects when the caller has used up a quota: what predicts keeps nothing before. Others run only once it is so. */
  readonly admitted: R extends { readonly predicts: true } ? Promise<unknown> : undefined;
  /** The address under which the caller reached the API. */
  readonly baseUrl: string;
  /** Reads the body as what a model is asked about, once. */
  readonly prediction: () => Promise<PredictionBody>;
}

/** An answer with another status than 200. */
export class Reply<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: T, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

type Answer<R> = R extends { readonly response: infer S extends z.ZodType } ? z.output<S> : never;

type OperationOf<R> = (request: HttpRequest<R>) => Promise<Answer<R> | Reply<Answer<R>>>;

/** The operations of one function: exactly those that the contract's routes send to it. */
export type Operations<F extends FunctionName> = {
  readonly [Id in OperationId as Routes[Id]['function'] extends F ? Id : never]: OperationOf<Routes[Id]>;
};

/** Functions with routes behind a token are told the quota; one whose routes are public needs none. */
type QuotaOf<F extends FunctionName> = 'token' extends Routes[keyof Operations<F> & OperationId]['access']
  ? [quota: Quota]
  : [];

export type HttpHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * What every HTTP handler wears: it routes, authorises, holds the caller to their quota, checks the request and the
 * answer, turns refusals into problem documents, and logs and counts each request once.
 *
 * Powertools' router is not used: it reads a base64 body as UTF-8, which destroys a photo, and the gateway has routed
 * already.
 */
export function http<F extends FunctionName>(
  { logger, requestCompleted }: Observability,
  operations: Operations<F>,
  ...[quota]: QuotaOf<F> | []
): HttpHandler {
  const table = new Map(
    Object.entries(operations).map(([id, run]) => {
      const route: Route = routes[id as OperationId];
      return [routeKey(route), { id, route, run: run as AnyOperation }];
    }),
  );

  return async (event) => {
    const start = performance.now();
    const requestId = requestIdOf(event);
    const target = table.get(event.routeKey);
    logger.resetKeys();
    logger.appendKeys({ request_id: requestId });
    const gate = quota && new QuotaGate(quota, logger);
    const result = await answer({ event, requestId, target, logger, gate });
    Object.assign(result.headers!, gate?.fields);
    requestCompleted({
      operation: target?.id ?? 'unknown',
      status: result.statusCode!,
      durationMs: performance.now() - start,
    });
    return result;
  };
}

type AnyOperation = (request: HttpRequest<unknown>) => Promise<unknown>;

interface Target {
  readonly id: string;
  readonly route: Route;
  readonly run: AnyOperation;
}

interface Call {
  readonly event: APIGatewayProxyEventV2;
  readonly requestId: string;
  readonly target: Target | undefined;
  readonly logger: Observability['logger'];
  readonly gate: QuotaGate | undefined;
}

async function answer(call: Call): Promise<APIGatewayProxyStructuredResultV2> {
  const { event, requestId, target, logger, gate } = call;
  try {
    if (!target) throw new RouteNotFoundError(`there is no ${event.requestContext.http.method} ${event.rawPath}`);
    const { route } = target;
    if (route.access === 'public') return await run(call, target, {});
    const identity = authorise(event);
    logger.appendKeys({ tenant_id: identity.tenantId, user_id: identity.userId });
    const prediction = once(() => readPredictionBody(event));
    const operation = (admitted: Promise<unknown>) => run(call, target, { identity, admitted, prediction });
    return await gate!.run(identity, route, operation, () => countPredictions(event, prediction));
  } catch (error) {
    return refuse(error, event, requestId, logger);
  }
}

/** Nobody, on a public route. */
interface Caller {
  readonly identity?: Identity | undefined;
  readonly admitted?: Promise<unknown> | undefined;
  readonly prediction?: () => Promise<PredictionBody>;
}

/** Does the work when it is first asked for, and never again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined;
  return () => {
    begun ??= work();
    return begun;
  };
}

async function run(
  { event, requestId }: Call,
  target: Target,
  caller: Caller,
): Promise<APIGatewayProxyStructuredResultV2> {
  const outcome = await target.run(checkedRequest(event, requestId, target.route, caller));
  const { status, body, headers } = outcome instanceof Reply ? outcome : new Reply(200, outcome);
  const result = json(status, target.route.response.parse(body), requestId);
  return { ...result, headers: { ...result.headers, ...headers } };
}

function checkedRequest(
  event: APIGatewayProxyEventV2,
  requestId: string,
  { query, params, body }: Route,
  caller: Caller,
): HttpRequest<unknown> {
  return {
    requestId,
    query: query && parseWith(query, event.queryStringParameters ?? {}, 'the query'),
    params: params && parseWith(params, event.pathParameters ?? {}, 'the path'),
    body: typeof body === 'object' ? readJsonBody(event, body) : undefined,
    headers: event.headers,
    ...caller,
    baseUrl: baseUrlOf(event),
  } as HttpRequest<unknown>;
}

/** The gateway has verified the token; a route that it forgot to guard must refuse, not serve. */
function authorise(event: APIGatewayProxyEventV2): Identity {
  const claims = (event as APIGatewayProxyEventV2WithJWTAuthorizer).requestContext.authorizer?.jwt?.claims;
  if (!claims) throw new UnauthorizedError('a token is required');
  return identityFrom(claims);
}

/** The gateway speaks TLS; a laptop's does not, and has a port. */
function baseUrlOf({ headers, requestContext }: APIGatewayProxyEventV2): string {
  return `${headers['x-forwarded-proto'] ?? 'https'}://${headers.host ?? requestContext.domainName}`;
}

/** The caller's own id where it sent a sound one, else the gateway's. */
function requestIdOf(event: APIGatewayProxyEventV2): string {
  const own = event.headers[REQUEST_ID_HEADER];
  return own && REQUEST_ID_PATTERN.test(own) ? own : event.requestContext.requestId;
}

function refuse(
  error: unknown,
  event: APIGatewayProxyEventV2,
  requestId: string,
  logger: Observability['logger'],
): APIGatewayProxyStructuredResultV2 {
  const refusal = error instanceof PlatformError ? error : undefined;
  const code = refusal?.code ?? 'internal-error';
  const { status } = problems[code];
  if (status >= 500) logger.error('request failed', { code, error: error as Error });
  else logger.info('request refused', { code, detail: refusal?.message });
  const retryAfterSeconds = refusal instanceof TooManyRequestsError ? refusal.retryAfterSeconds : undefined;
  const { message: detail, errors } = refusal ?? {};
  const facts = { code, requestId, instance: event.rawPath, detail, errors, retryAfterSeconds };
  return json(status, problem(facts), requestId, PROBLEM_MEDIA_TYPE);
}

function json(
  statusCode: number,
  body: unknown,
  requestId: string,
  contentType = 'application/json',
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': contentType, 'cache-control': 'no-store', [REQUEST_ID_HEADER]: requestId },
    body: JSON.stringify(body),
  };
}
