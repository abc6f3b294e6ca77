import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { limits } from '@kilat/contracts';
import { ImageTooLargeError, ImageUrlNotAllowedError, ImageUrlUnreachableError } from '@kilat/core';
import ipaddr from 'ipaddr.js';

/**
 * True for addresses of the public internet. An IPv4 address inside an IPv6 one is judged as IPv4; private, loopback,
 * link-local (with the cloud's metadata), shared, multicast, reserved and translated ranges are not public.
 */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

export interface FetchImageOptions {
  /** Which addresses may be called. */
  readonly isAllowed?: (address: string) => boolean;
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

async function request(
  url: URL,
  isAllowed: (address: string) => boolean,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host)) assertAllowed([{ address: host, family: isIP(host) }], isAllowed); // a literal address is not looked up
  const get = url.protocol === 'https:' ? httpsGet : httpGet;
  return await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { lookup: checkedLookup(isAllowed), signal, agent: false, headers: { accept: 'image/*' } }, resolve).on(
      'error',
      (error) => reject(asRefusal(error, signal)),
    );
  });
}

/** Resolves a name and refuses it when any of its addresses is not allowed. */
const checkedLookup =
  (isAllowed: (address: string) => boolean): LookupFunction =>
  (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      try {
        assertAllowed(addresses, isAllowed);
      } catch (refusal) {
        return callback(refusal as Error, '', 0);
      }
      if (options.all) return callback(null, addresses as never, 0);
      return callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };

function assertAllowed(addresses: readonly LookupAddress[], isAllowed: (address: string) => boolean): void {
  if (addresses.length > 0 && addresses.every(({ address }) => isAllowed(address))) return;
  throw new ImageUrlNotAllowedError('the image URL leads to an address that is not public');
}

function asRefusal(error: Error, signal: AbortSignal): Error {
  if (error instanceof ImageUrlNotAllowedError || error instanceof ImageTooLargeError) return error;
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
