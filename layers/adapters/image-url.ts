import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { limits } from '@kilat/contracts';
import { ImageTooLargeError, ImageUrlNotAllowedError, ImageUrlUnreachableError } from '@kilat/core';
import {
  AddressNotAllowedError,
  assertAllowedHost,
  checkedLookup,
  type IsAllowed,
  isPublicAddress,
} from './public-address.ts';

export interface FetchImageOptions {
  /** Which addresses may be called. */
  readonly isAllowed?: IsAllowed;
  readonly timeoutMs?: number;
}

/**
 * Fetches an image that a caller names. The address is checked after the name is resolved, and the connection goes to
 * the very address that was checked, so a name that resolves differently the next time gains nothing; each redirect is
 * checked again. The body is cut while it streams.
 * @throws {ImageUrlNotAllowedError} when the scheme or an address is not allowed
 * @throws {ImageUrlUnreachableError} when there is no image to be had in time
 * @throws {ImageTooLargeError} when there are more bytes than allowed
 */
export async function fetchImage(url: string, options: FetchImageOptions = {}): Promise<Uint8Array> {
  const { isAllowed = isPublicAddress, timeoutMs = limits.imageUrl.timeoutMs } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  let target = parseUrl(url);
  for (let redirects = 0; redirects <= limits.imageUrl.maxRedirects; redirects++) {
    const response = await request(target, isAllowed, signal);
    const location = redirectOf(response);
    if (location === undefined) return await readImage(response, signal);
    response.destroy();
    target = parseUrl(location, target);
  }
  throw new ImageUrlUnreachableError(`the image URL redirects more than ${limits.imageUrl.maxRedirects} times`);
}

function parseUrl(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw new ImageUrlNotAllowedError('the image URL is not a URL');
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ImageUrlNotAllowedError(`the image URL's scheme is '${url.protocol}'; http: or https: is allowed`);
  }
  if (url.username || url.password) throw new ImageUrlNotAllowedError('the image URL must not carry credentials');
  return url;
}

async function request(url: URL, isAllowed: IsAllowed, signal: AbortSignal): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? httpsGet : httpGet;
  const options = { lookup: checkedLookup(isAllowed), signal, agent: false, headers: { accept: 'image/*' } };
  try {
    assertAllowedHost(url, isAllowed);
    return await new Promise((resolve, reject) => {
      get(url, options, resolve).on('error', reject);
    });
  } catch (error) {
    throw asRefusal(error as Error, signal);
  }
}

function asRefusal(error: Error, signal: AbortSignal): Error {
  if (error instanceof ImageTooLargeError) return error;
  if (error instanceof AddressNotAllowedError) {
    return new ImageUrlNotAllowedError('the image URL leads to an address that is not public', { cause: error });
  }
  if (signal.aborted) return new ImageUrlUnreachableError('the image URL did not answer in time', { cause: error });
  return new ImageUrlUnreachableError('the image URL could not be reached', { cause: error });
}

function redirectOf(response: IncomingMessage): string | undefined {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return undefined;
  const { location } = response.headers;
  if ([301, 302, 303, 307, 308].includes(status) && location) return location;
  response.destroy();
  throw new ImageUrlUnreachableError(`the image URL answered ${status}`);
}

async function readImage(response: IncomingMessage, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limits.maxImageBytes) throw new ImageTooLargeError(limits.maxImageBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    throw asRefusal(error as Error, signal);
  } finally {
    response.destroy();
  }
  return Buffer.concat(chunks, size);
}
