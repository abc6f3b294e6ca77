import { MalformedRequestError, UnsupportedMediaTypeError } from '@kilat/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod';
import { parseWith } from './parse.ts';

/**
 * The body as JSON of a schema.
 * @throws {UnsupportedMediaTypeError} when it says that it is something else
 * @throws {MalformedRequestError} when it is not JSON
 * @throws {InvalidRequestError} when it does not fit the schema
 */
export function readJsonBody<S extends z.ZodType>(event: APIGatewayProxyEventV2, schema: S): z.output<S> {
  const contentType = event.headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(contentType)) {
    throw new UnsupportedMediaTypeError(`the content type is '${contentType.slice(0, 100)}'; application/json is read`);
  }
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  return parseWith(schema, parseJson(body), 'the body');
}

/** @throws {MalformedRequestError} */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new MalformedRequestError('the body is not JSON', { cause });
  }
}
