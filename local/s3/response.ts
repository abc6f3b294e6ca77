import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AwsError } from '../aws-json.ts';
import { S3Error } from './errors.ts';
import { headerText, type ResponseHeaders } from './headers.ts';
import { buildXml, type XmlTree } from './xml.ts';

/** What an operation answers: at most one of a document and a body. */
export interface S3Response {
  readonly status?: number;
  readonly headers?: ResponseHeaders;
  /** A document by its root: `{ CopyObjectResult: { … } }`. */
  readonly xml?: Readonly<Record<string, XmlTree>>;
  readonly body?: Readable | string;
}

export async function send(response: ServerResponse, answer: S3Response): Promise<void> {
  const body = answer.xml ? document(answer.xml) : (answer.body ?? '');
  if (answer.xml) response.setHeader('content-type', 'application/xml');
  setHeaders(response, answer.headers ?? {});
  response.statusCode = answer.status ?? 200;
  if (body instanceof Readable) return pipeline(body, response);
  const hasNoBody = response.statusCode === 204 || response.statusCode === 304;
  if (!hasNoBody && !response.hasHeader('content-length')) {
    response.setHeader('content-length', Buffer.byteLength(body));
  }
  response.end(body);
}

export function setHeaders(response: ServerResponse, headers: ResponseHeaders): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) response.setHeader(name, headerText(value));
  }
}

/** The answer to a request that was refused; anything but a refusal is our own fault. */
export function refusalResponse(error: unknown, requestId: string, resource: string): S3Response {
  const refusal = error instanceof AwsError ? error : new S3Error('InternalError');
  const facts = refusal.members as XmlTree;
  return {
    status: refusal.status,
    headers: refusal instanceof S3Error ? refusal.headers : {},
    xml: {
      Error: { Code: refusal.code, Message: refusal.message, ...facts, Resource: resource, RequestId: requestId },
    },
  };
}

/** True where an exchange ended because the client went away, which is nobody's fault. */
export function isHangUp(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED'].includes(code);
}

function document(xml: Readonly<Record<string, XmlTree>>): string {
  const [root, tree] = Object.entries(xml)[0]!;
  return buildXml(root, tree);
}
