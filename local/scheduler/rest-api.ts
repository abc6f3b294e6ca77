import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { AwsError, readBody } from '../aws-json.ts';
import { assertAllowed, callerOf, type Iam } from '../iam/index.ts';
import { operationAccess, refusalStyle } from './authorization.ts';
import { schedulerOperations } from './operations.ts';
import type { Schedules } from './schedules.ts';

const PATH = /^\/(schedule|schedule-group)s(?:\/([^/]+))?\/?$/;

export interface RestApiOptions {
  readonly schedules: Schedules;
  readonly iam: Iam | undefined;
  readonly onFault: (error: unknown) => void;
}

/** Scheduler's REST API. @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function schedulerRestApi({ schedules, iam, onFault }: RestApiOptions): RequestListener {
  const api = { operations: schedulerOperations(schedules), iam };
  return async (request, response) => {
    let body: Buffer;
    try {
      body = await readBody(request);
    } catch {
      return; // the client hung up before it had sent everything: there is nobody to answer
    }
    try {
      send(response, 200, route(api, request, body));
    } catch (error) {
      sendError(response, error, onFault);
    }
  };
}

interface Api {
  readonly operations: ReturnType<typeof schedulerOperations>;
  readonly iam: Iam | undefined;
}

function route({ operations, iam }: Api, request: IncomingMessage, body: Buffer): object {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://scheduler');
  const [, kind, name] = PATH.exec(pathname) ?? [];
  const asked = `${request.method} ${kind}${name ? '' : 's'}`;
  const operation = operations[asked];
  if (!operation) {
    throw new AwsError('UnknownOperationException', `${request.method} ${pathname} is not emulated`, { status: 404 });
  }
  const details = { name: decodeURIComponent(name ?? ''), query, body: parse(body) };
  if (iam)
    assertAllowed(iam, callerOf(iam, request.headers, refusalStyle), operationAccess[asked]!(details), refusalStyle);
  return operation(details);
}

function parse(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('ValidationException', 'the body is not JSON');
  }
}

function sendError(response: ServerResponse, error: unknown, onFault: (error: unknown) => void): void {
  if (!(error instanceof AwsError)) onFault(error);
  const refusal =
    error instanceof AwsError ? error : new AwsError('InternalServerException', 'the emulator failed', { status: 500 });
  send(response, refusal.status, { Message: refusal.message }, { 'x-amzn-errortype': refusal.code });
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...headers });
  response.end(JSON.stringify(body));
}
