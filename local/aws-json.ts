import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** A refusal in the words of AWS: `code` is the error's name as the SDK shows it. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Members that the error's shape has beside `message`, e.g. `Item` or `CancellationReasons`. */
  readonly members: Readonly<Record<string, unknown>>;
  /** What the `x-amzn-query-error` header names, where the service kept its codes of old (SQS). */
  readonly queryCode: string | undefined;

  constructor(
    code: string,
    message: string,
    options: { status?: number; members?: Record<string, unknown>; queryCode?: string } = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status ?? 400;
    this.members = options.members ?? {};
    this.queryCode = options.queryCode;
  }
}

/** What an operation may ask about the request that called it. */
export interface AwsCall {
  readonly operation: string;
  readonly headers: IncomingMessage['headers'];
  /** Aborted when the client hangs up: a long poll ends with it. */
  readonly signal: AbortSignal;
}

// biome-ignore lint/suspicious/noExplicitAny: each operation declares its own input, checked where it is used
export type AwsOperation = (input: any, call: AwsCall) => unknown | Promise<unknown>;

/** @throws {AwsError} where the caller is unknown, or may not do what the input asks for */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AuthorizeOperation = (input: any, call: Pick<AwsCall, 'operation' | 'headers'>) => void | Promise<void>;

export interface AwsJsonApi {
  /** The prefix of `x-amz-target`, e.g. `AmazonSQS`; requests for another are unknown operations. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
  /** The namespace of error types, e.g. `com.amazonaws.sqs`. */
  readonly errorNamespace: string;
  readonly operations: Readonly<Record<string, AwsOperation>>;
  /** Refuses, by throwing, whoever may not call an operation. @default everybody may */
  readonly authorize?: AuthorizeOperation | undefined;
  /** Serves what is no operation, e.g. `/.well-known/jwks.json`; returns false where it declines. */
  readonly otherwise?: (request: IncomingMessage, response: ServerResponse, body: Buffer) => Promise<boolean>;
  /** Told of faults of the emulator itself, which the client sees as `InternalFailure`. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * Serves an AWS JSON 1.0 or 1.1 protocol: one POST, the operation in `x-amz-target`, JSON both ways.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export function awsJson(api: AwsJsonApi): RequestListener {
  return async (request, response) => {
    const abort = new AbortController();
    response.on('close', () => abort.abort());
    let body: Buffer;
    try {
      body = await readBody(request);
    } catch {
      return; // the client hung up before it had sent everything: there is nobody to answer
    }
    try {
      if (api.otherwise && (await api.otherwise(request, response, body))) return;
      const [target, operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
      const isKnown = target === api.target && Object.hasOwn(api.operations, operation);
      const run = isKnown ? api.operations[operation] : undefined;
      if (!run) throw new AwsError('UnknownOperationException', `${operation || 'this request'} is not emulated`);
      const input = parse(body);
      const call = { operation, headers: request.headers, signal: abort.signal };
      await api.authorize?.(input, call);
      const output = await run(input, call);
      send(response, api, 200, output ?? {});
    } catch (error) {
      sendError(response, api, error);
    }
  };
}

/** The whole body, unpacked where the client compressed it. Rejects when the client hangs up. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

/** @throws {AwsError} SerializationException */
export function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'the body is not JSON');
  }
}

function sendError(response: ServerResponse, api: AwsJsonApi, error: unknown): void {
  const refusal =
    error instanceof AwsError ? error : new AwsError('InternalFailure', 'the emulator failed', { status: 500 });
  if (refusal !== error) api.onFault?.(error);
  if (refusal.queryCode) {
    const blame = refusal.status < 500 ? 'Sender' : 'Receiver';
    response.setHeader('x-amzn-query-error', `${refusal.queryCode};${blame}`);
  }
  const type = `${api.errorNamespace}#${refusal.code}`;
  send(response, api, refusal.status, { __type: type, message: refusal.message, ...refusal.members });
}

function send(response: ServerResponse, api: AwsJsonApi, status: number, body: unknown): void {
  if (response.destroyed) return;
  const payload = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': `application/x-amz-json-${api.version}`,
    'content-length': payload.length,
    'x-amzn-requestid': randomUUID(),
  });
  response.end(payload);
}
