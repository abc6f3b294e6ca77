import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { AwsError, readBody } from '../aws-json.ts';
import { schedulerOperations } from './operations.ts';
import type { Schedules } from './schedules.ts';

const PATH = /^\/(schedule|schedule-group)s(?:\/([^/]+))?\/?$/;

/** Scheduler's REST API. @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function schedulerRestApi(schedules: Schedules, onFault: (error: unknown) => void): RequestListener {
  const operations = schedulerOperations(schedules);
  return async (request, response) => {
    let body: Buffer;
    try {
      body = await readBody(request);
    } catch {
      return; // the client hung up before it had sent everything: there is nobody to answer
    }
    try {
      send(response, 200, route(operations, request, body));
    } catch (error) {
      sendError(response, error, onFault);
    }
  };
}

function route(operations: ReturnType<typeof schedulerOperations>, request: IncomingMessage, body: Buffer): object {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://scheduler');
  const [, kind, name] = PATH.exec(pathname) ?? [];
  const operation = operations[`${request.method} ${kind}${name ? '' : 's'}`];
  if (!operation) {
    throw new AwsError('UnknownOperationException', `${request.method} ${pathname} is not emulated`, { status: 404 });
  }
  return operation({ name: decodeURIComponent(name ?? ''), query, body: parse(body) });
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
