import { type InstancesRequest, type OperationId, type Route, routes } from '@kilat/contracts';
import type * as z from 'zod';
import type { Connection } from '../connection/connection.ts';
import { CliError, UnreachableError } from '../errors.ts';
import { ApiError, refusalOf } from './api-error.ts';
import { delayBeforeRetry, realWaiting, type Waiting } from './retry.ts';

type Routes = typeof routes;
type InputOf<R, Part extends string> = R extends { readonly [P in Part]: infer S extends z.ZodType }
  ? z.input<S>
  : undefined;

export interface ApiRequest<R> {
  readonly query?: InputOf<R, 'query'>;
  readonly params?: InputOf<R, 'params'>;
  /** an image as its bytes, or what is sent as JSON */
  readonly body?: R extends { readonly body: 'prediction' }
    ? Uint8Array<ArrayBuffer> | InstancesRequest
    : InputOf<R, 'body'>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The same of any operation, once the compiler has checked it. */
interface AnyRequest {
  readonly query?: object;
  readonly params?: object;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Calls one operation of the contract and resolves to what it answers.
 * @throws {ApiError} when the API refuses, and for good
 * @throws {UnreachableError}
 */
export type Api = <Id extends OperationId>(
  id: Id,
  request?: ApiRequest<Routes[Id]>,
) => Promise<z.output<Routes[Id]['response']>>;

/** An operation may take this long: the gateway itself gives up after 30 seconds. */
const TIMEOUT_MS = 60_000;

/** The API at the end of a connection. Requests that may come again later do so a few times, until the signal aborts. */
export function apiClient(connection: Connection, signal?: AbortSignal, waiting: Waiting = realWaiting): Api {
  return async (id, request = {}) => {
    const route: Route = routes[id];
    for (let attempts = 1; ; attempts++) {
      const response = await send(connection, route, request as AnyRequest, signal);
      if (response.ok) return parsed(route, await response.json().catch(() => undefined)); // a portal's page, say
      const delay = delayBeforeRetry(response, attempts, waiting);
      if (delay === undefined) throw new ApiError(await refusalOf(response));
      await response.body?.cancel();
      await waiting.sleep(delay, signal);
    }
  };
}

async function send(connection: Connection, route: Route, request: AnyRequest, signal?: AbortSignal) {
  const { apiUrl, accessToken, whenUnreachable } = connection;
  const headers = {
    ...(route.access === 'token' && { authorization: `Bearer ${await accessToken()}` }),
    ...(request.body !== undefined && { 'content-type': contentType(request.body) }),
    ...request.headers,
  };
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return fetch(urlOf(apiUrl, route, request), {
    method: route.method,
    headers,
    ...(request.body !== undefined && { body: bodyOf(request.body) }),
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }).catch((cause: unknown) => {
    throw signal?.aborted ? cause : new UnreachableError(whenUnreachable, cause);
  });
}

/** The API tells an image's format by its bytes. */
const contentType = (body: unknown): string =>
  body instanceof Uint8Array ? 'application/octet-stream' : 'application/json';

const bodyOf = (body: unknown): NonNullable<RequestInit['body']> =>
  body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body);

/** An API may live below a path of its domain. */
function urlOf(apiUrl: string, { path }: Route, { params = {}, query = {} }: AnyRequest): URL {
  const values = params as Record<string, string>;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name]!));
  const url = new URL(`${apiUrl.replace(/\/$/, '')}${filled}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

/** Members that this version does not know are dropped; those that it needs must be there. */
function parsed<T>({ method, path, response }: Route, body: unknown): T {
  const result = response.safeParse(body);
  if (result.success) return result.data as T;
  const [issue] = result.error.issues;
  throw new CliError(
    `the API answers ${method} ${path} as this kilat does not expect: '${issue!.path.join('.')}' ${issue!.message}`,
  );
}
