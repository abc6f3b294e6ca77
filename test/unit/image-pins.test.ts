import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { architectureNames } from '../../image/architecture.ts';
import { assertLocked, nodePackage, npmPackage, readBaseLock } from '../../image/base/lock.ts';
import { pinDockerBases, unpinnedBases } from '../../image/pin/docker-bases.ts';
import { type Answered, jsonServer, type Received } from '../support/json-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const silent = (): void => {};

function aDockerfile(text: string): string {
  const path = join(temporaryFolder(), 'Dockerfile');
  writeFileSync(path, text);
  return path;
}

/** A registry that gives tokens to whoever asks, and digests to whoever shows one. */
const aRegistry = (digest: Record<string, string> = { 'docker-content-digest': DIGEST }) =>
  jsonServer(({ path, headers }: Received): Answered => {
    if (path.startsWith('/token/')) return { body: { token: 'secret' } };
    return headers.authorization === 'Bearer secret' ? { headers: digest } : { status: 401 };
  });

describe('the lock of the base images', () => {
  it('knows the Node of package.json for every processor, and the npm', () => {
    expect(Object.keys(readBaseLock().npm).sort()).toEqual([...architectureNames.map(nodePackage), npmPackage].sort());
  });

  it.each([
    ['another version', { libc6: '2.37-1' }, 'libc6 2.37-1 (2.36-9)'],
    ['no such package', {}, 'libc6 is gone (2.36-9)'],
    ['one more package', { libc6: '2.36-9', dash: '0.5' }, 'dash 0.5 (new)'],
  ])('refuses a mirror with %s, and says which', (_, found, said) => {
    expect(() => assertLocked(found as Record<string, string>, { libc6: '2.36-9' })).toThrow(said);
  });

  it('takes what is the same', () => {
    expect(() => assertLocked({ libc6: '2.36-9' }, { libc6: '2.36-9' })).not.toThrow();
  });
});

describe('pinning the base images of Docker', () => {
  it("writes the digest of each tag of AWS's registry beside it, in place of the one before", async () => {
    const registry = await aRegistry();
    const dockerfile = aDockerfile(
      [
        'ARG BUILD_IMAGE=public.ecr.aws/docker/library/node:24-bookworm-slim',
        `ARG RUNTIME_IMAGE=public.ecr.aws/lambda/nodejs:24@sha256:${'f'.repeat(64)}`,
        'FROM scratch',
      ].join('\n'),
    );

    await pinDockerBases(dockerfile, silent, registry.url);

    expect(readFileSync(dockerfile, 'utf8').split('\n')).toEqual([
      `ARG BUILD_IMAGE=public.ecr.aws/docker/library/node:24-bookworm-slim@${DIGEST}`,
      `ARG RUNTIME_IMAGE=public.ecr.aws/lambda/nodejs:24@${DIGEST}`,
      'FROM scratch',
    ]);
  });

  it('tells which are not pinned yet', () => {
    const pinned = `ARG A_IMAGE=public.ecr.aws/lambda/nodejs:24@${DIGEST}`;

    expect(unpinnedBases(aDockerfile(`${pinned}\nARG B_IMAGE=public.ecr.aws/docker/library/node:24`))).toEqual([
      'docker/library/node:24',
    ]);
  });

  it('asks for the index of all processors', async () => {
    const registry = await aRegistry();

    await pinDockerBases(aDockerfile('ARG A_IMAGE=public.ecr.aws/lambda/nodejs:24'), silent, registry.url);

    const { path, headers } = registry.received.find(({ method }) => method === 'HEAD')!;
    expect(path).toBe('/v2/lambda/nodejs/manifests/24');
    expect(headers.accept).toContain('application/vnd.docker.distribution.manifest.list.v2+json');
  });

  it('leaves the Dockerfile as it is when the registry gives no digest', async () => {
    const registry = await aRegistry({});
    const text = 'ARG A_IMAGE=public.ecr.aws/lambda/nodejs:24';
    const dockerfile = aDockerfile(text);

    await expect(pinDockerBases(dockerfile, silent, registry.url)).rejects.toThrow('was answered without a digest');
    expect(readFileSync(dockerfile, 'utf8')).toBe(text);
  });
});

describe('the Dockerfile of the inference image', () => {
  it('takes every base image from a line that can be pinned', () => {
    const text = readFileSync(join(import.meta.dirname, '../../functions/predict/Dockerfile'), 'utf8');

    const bases = text.match(/^FROM .*$/gm)!.map((line) => /\{(\w+)\}/.exec(line)?.[1]);
    expect(bases).toEqual(['BUILD_IMAGE', 'RUNTIME_IMAGE']);
    expect(text.match(/^ARG \w+_IMAGE=public\.ecr\.aws\/\S+$/gm)).toHaveLength(2);
  });
});
