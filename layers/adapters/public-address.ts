import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A name or a literal that leads somewhere a caller may not send us to. */
export class AddressNotAllowedError extends Error {
  override readonly name = 'AddressNotAllowedError';
}

export type IsAllowed = (address: string) => boolean;

/**
 * True for addresses of the public internet. An IPv4 address inside an IPv6 one is judged as IPv4; private, loopback,
 * link-local (with the cloud's metadata), shared, multicast, reserved and translated ranges are not public.
 */
export const isPublicAddress: IsAllowed = (address) =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';

/** A literal address is not looked up, so it is checked by itself. @throws {AddressNotAllowedError} */
export function assertAllowedHost({ hostname }: URL, isAllowed: IsAllowed): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host)) assertAllowed([{ address: host, family: isIP(host) }], isAllowed);
}

/** Resolves a name and refuses it when any of its addresses is not allowed. */
export const checkedLookup =
  (isAllowed: IsAllowed): LookupFunction =>
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

function assertAllowed(addresses: readonly LookupAddress[], isAllowed: IsAllowed): void {
  if (addresses.length > 0 && addresses.every(({ address }) => isAllowed(address))) return;
  throw new AddressNotAllowedError('an address is not public');
}
