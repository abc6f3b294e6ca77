import {
  IMAGE_FORM_FIELD,
  type ImageReference,
  type Instance,
  imageReferenceSchema,
  instancesRequestSchema,
  limits,
} from '@kilat/contracts';
import { ImageTooLargeError, MalformedRequestError, UnsupportedMediaTypeError } from '@kilat/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { parseJson } from './json-body.ts';
import { parseWith } from './parse.ts';

/** What a caller asks a model about: an image's bytes, where they are, or rows of a table. */
export type PredictionBody =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'instances'; readonly instances: readonly Instance[] };

const JSON_TYPE = /^application\/json\b/i;

type BodyReader = (body: Buffer, contentType: string) => PredictionBody | Promise<PredictionBody>;

/** Content types that may be any of the image formats: what the bytes are is told by the bytes. */
const readers: readonly (readonly [RegExp, BodyReader])[] = [
  [/^multipart\/form-data\b/i, readForm],
  [JSON_TYPE, readJson],
  [/^(image\/|application\/octet-stream\b)/i, (bytes) => ({ kind: 'bytes', bytes })],
];

/**
 * Reads an image from a multipart form, a JSON body or the body itself; rows of a table from a JSON body.
 * @throws {UnsupportedMediaTypeError} when the body is of another kind
 * @throws {MalformedRequestError} when it is not what its content type says
 * @throws {ImageTooLargeError} when the image has more bytes than allowed
 */
export async function readPredictionBody(event: APIGatewayProxyEventV2): Promise<PredictionBody> {
  const contentType = event.headers['content-type'] ?? '';
  const read = readers.find(([pattern]) => pattern.test(contentType))?.[1];
  if (!read) {
    const named = contentType ? `'${contentType.slice(0, 100)}'` : 'missing';
    throw new UnsupportedMediaTypeError(
      `the content type is ${named}; multipart/form-data, application/json and image/* are read`,
    );
  }
  const upload = await read(Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'), contentType);
  if (upload.kind === 'bytes' && upload.bytes.length > limits.maxImageBytes) {
    throw new ImageTooLargeError(limits.maxImageBytes);
  }
  return upload;
}

/**
 * How many predictions a body asks for. Only JSON may ask for more than one: a form of a photo is not waited for.
 * @param read the body, once
 */
export async function countPredictions(
  { headers }: Pick<APIGatewayProxyEventV2, 'headers'>,
  read: () => Promise<PredictionBody>,
): Promise<number> {
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) return 1;
  const body = await read().catch(() => undefined); // the operation tells what is wrong with it
  return body?.kind === 'instances' ? body.instances.length : 1;
}

async function readForm(body: Buffer, contentType: string): Promise<PredictionBody> {
  const form = await parseForm(body, contentType);
  const file = form.get(IMAGE_FORM_FIELD);
  if (file instanceof File) return { kind: 'bytes', bytes: new Uint8Array(await file.arrayBuffer()) };
  throw new MalformedRequestError(`the form has no file in a field named '${IMAGE_FORM_FIELD}'`);
}

/** The platform's own parser of forms (WHATWG fetch); whatever it dislikes is the caller's to mend. */
async function parseForm(body: Buffer, contentType: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch (cause) {
    throw new MalformedRequestError('the multipart form cannot be read', { cause });
  }
}

function readJson(body: Buffer): PredictionBody {
  const value = parseJson(body);
  if (typeof value === 'object' && value !== null && 'instances' in value) {
    return { kind: 'instances', instances: parseWith(instancesRequestSchema, value, 'the body').instances };
  }
  const reference: ImageReference = parseWith(imageReferenceSchema, value, 'the body');
  if ('image_url' in reference) return { kind: 'url', url: reference.image_url };
  return { kind: 'bytes', bytes: decodeBase64(reference.image_base64) };
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Node decodes what it can and drops the rest; half a photo must not pass for a photo.
 * @throws {MalformedRequestError} when the text is not base64
 */
export function decodeBase64(text: string): Uint8Array {
  const encoded = text.replace(/^data:image\/[\w.+-]+;base64,/, '');
  if (encoded.length % 4 !== 0 || !BASE64.test(encoded)) {
    throw new MalformedRequestError("'image_base64' is not standard base64");
  }
  return Buffer.from(encoded, 'base64');
}
