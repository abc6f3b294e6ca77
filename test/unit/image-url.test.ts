import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchImage } from '@kilat/adapters/image-url';
import { isPublicAddress } from '@kilat/adapters/public-address';
import { limits } from '@kilat/contracts';
import { ImageTooLargeError, ImageUrlNotAllowedError, ImageUrlUnreachableError } from '@kilat/core';
import { afterEach, describe, expect, it } from 'vitest';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Lets the test's own server through, which the rule for callers would not. */
const loopback = { isAllowed: (address: string) => address === '127.0.0.1' };

describe('addresses', () => {
  it.each(['93.184.216.34', '8.8.8.8', '2606:4700:4700::1111'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ['127.0.0.1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['169.254.169.254', 'link-local: the metadata of EC2'],
    ['169.254.170.2', 'link-local: the credentials of ECS'],
    ['100.64.0.1', 'shared (RFC 6598)'],
    ['192.0.2.1', 'documentation'],
    ['198.18.0.1', 'benchmarking'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['::1', 'loopback'],
    ['::', 'unspecified'],
    ['fe80::1', 'link-local'],
    ['fd00:ec2::254', 'unique local: the metadata of EC2'],
    ['::ffff:127.0.0.1', 'IPv4-mapped loopback'],
    ['::ffff:a9fe:a9fe', 'IPv4-mapped metadata'],
    ['64:ff9b::7f00:1', 'translated (RFC 6052)'],
    ['2002:7f00:1::', '6to4'],
    ['not an address', 'no address'],
  ])('%s is not: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('fetching an image', () => {
  it('returns the bytes', async () => {
    const url = await serve((_, response) => response.end('photo'));

    expect(Buffer.from(await fetchImage(url, loopback)).toString()).toBe('photo');
  });

  it('follows three redirects, relative ones too', async () => {
    const next: Record<string, string> = { '/a': '/b', '/b': '/c', '/c': '/photo' };
    const url = await serve(({ url: path }, response) => {
      const location = next[path!];
      if (location) response.writeHead(302, { location });
      response.end('photo');
    });

    expect(Buffer.from(await fetchImage(`${url}/a`, loopback)).toString()).toBe('photo');
  });

  it('gives up at the fourth redirect', async () => {
    const url = await serve((_, response) => response.writeHead(301, { location: '/again' }).end());

    await expect(fetchImage(url, loopback)).rejects.toThrow(ImageUrlUnreachableError);
  });

  it.each([
    'http://127.0.0.1/x.jpg',
    'http://[::1]/x.jpg',
    'http://[::ffff:127.0.0.1]/x.jpg',
    'http://169.254.169.254/latest/meta-data/',
    'http://2130706433/x.jpg',
    'http://0x7f.1/x.jpg',
    'http://localhost/x.jpg',
    'file:///etc/passwd',
    'ftp://example.com/x.jpg',
    'http://user:secret@example.com/x.jpg',
    'gopher://127.0.0.1:6379/_INFO',
    'no url at all',
  ])('refuses %s', async (url) => {
    await expect(fetchImage(url)).rejects.toThrow(ImageUrlNotAllowedError);
  });

  it('refuses a redirect to an address that is not allowed', async () => {
    const url = await serve((_, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
    );

    await expect(fetchImage(url, loopback)).rejects.toThrow(ImageUrlNotAllowedError);
  });

  it('refuses a redirect to another scheme', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end());

    await expect(fetchImage(url, loopback)).rejects.toThrow(ImageUrlNotAllowedError);
  });

  it('gives up on a server that does not answer in time', async () => {
    const url = await serve(() => {});

    await expect(fetchImage(url, { ...loopback, timeoutMs: 100 })).rejects.toThrow(/did not answer in time/);
  });

  it('gives up on a server that begins and never ends', async () => {
    const url = await serve((_, response) => response.write('photo'));

    await expect(fetchImage(url, { ...loopback, timeoutMs: 100 })).rejects.toThrow(/did not answer in time/);
  });

  it('stops reading at the limit, whatever length is claimed', async () => {
    const url = await serve((_, response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const write = (): void => {
        while (response.writable && response.write(chunk));
      };
      response.on('drain', write);
      write();
    });

    await expect(fetchImage(url, loopback)).rejects.toThrow(ImageTooLargeError);
  });

  it('accepts an image of just the limit', async () => {
    const url = await serve((_, response) => response.end(Buffer.alloc(limits.maxImageBytes)));

    await expect(fetchImage(url, loopback)).resolves.toHaveLength(limits.maxImageBytes);
  });

  it.each([404, 500, 304])('says that the server answered %i', async (status) => {
    const url = await serve((_, response) => response.writeHead(status).end());

    await expect(fetchImage(url, loopback)).rejects.toThrow(`the image URL answered ${status}`);
  });
});
