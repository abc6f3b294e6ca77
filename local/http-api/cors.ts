import type { IncomingMessage } from 'node:http';
import type { Cors } from './definition.ts';
import type { HttpResponse } from './function-response.ts';

/** A preflight is answered by the gateway; an OPTIONS without these headers is a request like any other. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && Boolean(headers.origin && headers['access-control-request-method']);
}

/** The answer to a preflight: nothing but headers, and none of them for an origin that is not allowed. */
export function preflight(cors: Cors, origin: string | undefined): HttpResponse {
  const shared = sharedHeaders(cors, origin);
  const headers = Object.keys(shared).length === 0 ? {} : { ...shared, ...preflightHeaders(cors) };
  return { status: 204, headers, body: Buffer.alloc(0) };
}

/** The response with the API's CORS headers, before which those of the function give way. */
export function withCors(response: HttpResponse, cors: Cors, origin: string | undefined): HttpResponse {
  const own = Object.entries(response.headers).filter(([name]) => !name.startsWith('access-control-'));
  return { ...response, headers: { ...Object.fromEntries(own), ...sharedHeaders(cors, origin) } };
}

function sharedHeaders(cors: Cors, origin: string | undefined): Record<string, string> {
  const allowed = origin && allowedOrigin(cors.allowOrigins ?? [], origin);
  if (!allowed) return {};
  return {
    'access-control-allow-origin': allowed,
    ...(cors.allowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
    ...list('access-control-expose-headers', cors.exposeHeaders),
  };
}

function preflightHeaders(cors: Cors): Record<string, string> {
  return {
    ...list('access-control-allow-methods', cors.allowMethods),
    ...list('access-control-allow-headers', cors.allowHeaders),
    ...(cors.maxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(cors.maxAgeSeconds) }),
  };
}

function allowedOrigin(allowOrigins: readonly string[], origin: string): string | undefined {
  if (allowOrigins.includes('*')) return '*';
  const isAllowed = allowOrigins.some((allowed) =>
    allowed.endsWith('://*') ? origin.startsWith(allowed.slice(0, -1)) : allowed === origin,
  );
  return isAllowed ? origin : undefined;
}

const list = (name: string, values: readonly string[] | undefined): Record<string, string> =>
  values?.length ? { [name]: values.join(',') } : {};
