import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { AwsError, readBody } from '../aws-json.ts';
import { assertAllowed, callerOf, type Iam } from '../iam/index.ts';
import { accessTo, type Operation, refusalStyle } from './authorization.ts';
import { describeAlias, describeConfiguration, describeFunction, describeVersions } from './descriptions.ts';
import { functionReference } from './function-configuration.ts';
import type { Functions } from './functions.ts';
import type { InvocationResult, InvocationType } from './invocation.ts';
import { invalidRequestContent, qualifiersDiffer } from './refusals.ts';

const PATH =
  /^\/2015-03-31\/functions(?:\/([^/?]+))?(?:\/(invocations|configuration|versions|aliases(?:\/([^/?]+))?))?\/?$/;
const TYPES: readonly string[] = ['RequestResponse', 'Event', 'DryRun'] satisfies InvocationType[];

export interface RestApiOptions {
  /** Decides who may do what. @default - everybody may do everything */
  readonly iam: Iam | undefined;
  readonly onFault: (error: unknown) => void;
}

/**
 * The part of Lambda's REST API that applications call.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function lambdaRestApi(functions: Functions, { iam, onFault }: RestApiOptions): RequestListener {
  return async (request, response) => {
    let body: Buffer;
    try {
      body = await readBody(request);
    } catch {
      return; // the client hung up, or sent what is no gzip: the connection is closed, nobody is to answer
    }
    try {
      await route({ functions, iam }, request, response, body);
    } catch (error) {
      sendError(response, error, onFault);
    }
  };
}

interface Api {
  readonly functions: Functions;
  readonly iam: Iam | undefined;
}

async function route(api: Api, request: IncomingMessage, response: ServerResponse, body: Buffer) {
  const { functions } = api;
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://lambda');
  const [match, encodedName, resource, alias] = PATH.exec(pathname) ?? [];
  const name =
    encodedName === undefined ? '' : qualified(decodeURIComponent(encodedName), searchParams.get('Qualifier'));
  const { qualifier } = functionReference(name);
  switch (match && `${request.method} ${alias ? 'alias' : (resource ?? (name ? 'function' : 'functions'))}`) {
    case 'GET functions':
      authorize(api, 'ListFunctions', request);
      return sendJson(response, 200, { Functions: functions.list().map((fn) => describeConfiguration(fn)) });
    case 'GET function':
      authorize(api, 'GetFunction', request, name);
      return sendJson(response, 200, describeFunction(functions.get(name), qualifier));
    case 'GET configuration':
      authorize(api, 'GetFunctionConfiguration', request, name);
      return sendJson(response, 200, describeConfiguration(functions.get(name), qualifier));
    case 'GET versions':
      authorize(api, 'ListVersionsByFunction', request, name);
      return sendJson(response, 200, { Versions: describeVersions(functions.get(name)) });
    case 'GET alias':
      authorize(api, 'GetAlias', request, name);
      return sendJson(response, 200, describeAlias(functions.get(name), decodeURIComponent(alias!)));
    case 'POST invocations':
      authorize(api, 'Invoke', request, name);
      return sendResult(response, await invoke(functions, name, request, body));
    default:
      throw new AwsError('UnknownOperationException', `${request.method} ${pathname} is not emulated`, { status: 404 });
  }
}

function authorize({ functions, iam }: Api, operation: Operation, { headers }: IncomingMessage, name?: string): void {
  if (!iam) return;
  const caller = callerOf(iam, headers, refusalStyle);
  const named = name === undefined ? undefined : { fn: functions.get(name), nameOrArn: name };
  assertAllowed(iam, caller, accessTo(operation, named), refusalStyle);
}

/** A name may bear its qualifier, and a request may too; they must agree. */
function qualified(nameOrArn: string, qualifier: string | null): string {
  const own = functionReference(nameOrArn).qualifier;
  if (own !== undefined && qualifier !== null && own !== qualifier) throw qualifiersDiffer();
  return own === undefined && qualifier !== null ? `${nameOrArn}:${qualifier}` : nameOrArn;
}

function invoke(functions: Functions, name: string, { headers }: IncomingMessage, body: Buffer) {
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (!isInvocationType(type)) {
    throw new AwsError('InvalidParameterValueException', `unknown invocation type ${type}`);
  }
  const traceId = headers['x-amzn-trace-id'];
  return functions.invokeJson(name, assertJson(body), {
    type,
    traceId: typeof traceId === 'string' ? traceId : undefined,
    wantsLogTail: headers['x-amz-log-type'] === 'Tail',
  });
}

const isInvocationType = (value: unknown): value is InvocationType => TYPES.includes(String(value));

/** The body as it came, once it is known to be JSON; none at all is an empty event. */
function assertJson(body: Buffer): string {
  const text = body.length === 0 ? '{}' : body.toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw invalidRequestContent((error as SyntaxError).message);
  }
}

function sendResult(response: ServerResponse, result: InvocationResult): void {
  const headers: Record<string, string> = { 'x-amz-executed-version': result.executedVersion };
  if (result.functionError) headers['x-amz-function-error'] = result.functionError;
  if (result.logTail) headers['x-amz-log-result'] = Buffer.from(result.logTail).toString('base64');
  send(response, result.statusCode, result.payload, { ...headers, 'x-amzn-requestid': result.requestId });
}

function sendError(response: ServerResponse, error: unknown, onFault: (error: unknown) => void): void {
  if (!(error instanceof AwsError)) onFault(error);
  const refusal =
    error instanceof AwsError ? error : new AwsError('ServiceException', 'the emulator failed', { status: 500 });
  const body = { Type: refusal.status < 500 ? 'User' : 'Service', message: refusal.message, ...refusal.members };
  sendJson(response, refusal.status, body, { 'x-amzn-errortype': refusal.code });
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  send(response, status, JSON.stringify(body), { 'x-amzn-requestid': randomUUID(), ...headers });
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string>): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    ...(body ? { 'content-type': 'application/json' } : {}),
    ...headers,
  });
  response.end(body);
}
