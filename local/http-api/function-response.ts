import { RefusalError } from './refusal.ts';
import { HOP_BY_HOP } from './request-headers.ts';

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/**
 * What a function's result means as HTTP: with a `statusCode` it says so itself, without one it is the body of a 200.
 * @param payload JSON
 * @throws {RefusalError} 500 where the result is malformed
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.response
 */
export function functionResponse(payload: string): HttpResponse {
  const result: unknown = JSON.parse(payload);
  return isObject(result) && 'statusCode' in result ? stated(result) : inferred(result, payload);
}

function inferred(result: unknown, payload: string): HttpResponse {
  const body = Buffer.from(typeof result === 'string' ? result : payload);
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

function stated(result: Record<string, unknown>): HttpResponse {
  const cookies = result.cookies ?? [];
  assertWellFormed(Array.isArray(cookies) && cookies.every((cookie) => typeof cookie === 'string'));
  return {
    status: statusOf(result.statusCode),
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...headersOf(result.headers ?? {}),
      ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}),
    },
    body: bodyOf(result.body ?? '', result.isBase64Encoded === true),
  };
}

function statusOf(value: unknown): number {
  const status = Number(value);
  assertWellFormed(Number.isInteger(status) && status >= 200 && status <= 599);
  return status;
}

function headersOf(value: unknown): Record<string, string> {
  assertWellFormed(isObject(value));
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    assertWellFormed(['string', 'number', 'boolean'].includes(typeof text));
    assertWellFormed(/^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(String(text)));
    const lower = name.toLowerCase();
    if (!HOP_BY_HOP.has(lower) && lower !== 'content-length') headers[lower] = String(text);
  }
  return headers;
}

function bodyOf(value: unknown, isBase64Encoded: boolean): Buffer {
  assertWellFormed(typeof value === 'string');
  return Buffer.from(value, isBase64Encoded ? 'base64' : 'utf8');
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function assertWellFormed(condition: boolean): asserts condition {
  if (!condition) throw new RefusalError(500);
}
