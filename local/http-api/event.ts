import type { IncomingMessage } from 'node:http';
import { LOCAL_ACCOUNT } from '../service.ts';
import { isTextType } from './request-body.ts';
import { eventCookies, eventHeaders, sourceIp } from './request-headers.ts';
import type { RouteMatch } from './route-table.ts';

export interface JwtContext {
  readonly claims: Readonly<Record<string, string>>;
  readonly scopes: readonly string[] | null;
}

export interface EventFacts {
  readonly apiId: string;
  readonly requestId: string;
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly match: RouteMatch;
  readonly jwt: JwtContext | undefined;
  readonly nowMs: number;
}

/**
 * The event of an HTTP API, payload format 2.0.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpApiEvent(facts: EventFacts): HttpApiEvent {
  const { request, body, match, nowMs } = facts;
  const { rawPath, rawQueryString } = splitUrl(request);
  const headers = eventHeaders(request, body.length, nowMs);
  const cookies = eventCookies(request);
  const queryStringParameters = queryParameters(rawQueryString);
  return {
    version: '2.0',
    routeKey: match.route.routeKey,
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(queryStringParameters ? { queryStringParameters } : {}),
    requestContext: requestContext(facts, rawPath, headers),
    ...(match.pathParameters ? { pathParameters: match.pathParameters } : {}),
    ...eventBody(body, headers['content-type']),
  };
}

export interface HttpApiEvent {
  readonly version: '2.0';
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly requestContext: Readonly<Record<string, unknown>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

export function splitUrl({ url = '/' }: IncomingMessage): { rawPath: string; rawQueryString: string } {
  const [rawPath = '/', ...query] = url.split('?');
  return { rawPath, rawQueryString: query.join('?') };
}

function queryParameters(rawQueryString: string): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  }
  return Object.keys(parameters).length > 0 ? parameters : undefined;
}

function requestContext(facts: EventFacts, path: string, headers: Record<string, string>) {
  const { apiId, requestId, request, match, jwt, nowMs } = facts;
  const domainName = (headers.host ?? '127.0.0.1').replace(/:\d+$/, '');
  return {
    accountId: LOCAL_ACCOUNT,
    apiId,
    ...(jwt ? { authorizer: { jwt } } : {}),
    domainName,
    domainPrefix: domainName.split('.')[0],
    http: {
      method: request.method,
      path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: sourceIp(request),
      userAgent: headers['user-agent'] ?? '',
    },
    requestId,
    routeKey: match.route.routeKey,
    stage: '$default',
    time: commonLogTime(nowMs),
    timeEpoch: nowMs,
  };
}

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(ms: number): string {
  const [, day, month, year, time] = new Date(ms).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}

function eventBody(body: Buffer, contentType: string | undefined): Pick<HttpApiEvent, 'body' | 'isBase64Encoded'> {
  if (body.length === 0) return { isBase64Encoded: false };
  return isTextType(contentType)
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}
