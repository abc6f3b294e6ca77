import { readFileSync, writeFileSync } from 'node:fs';
import { ImageError } from '../errors.ts';

const REGISTRY = 'https://public.ecr.aws';

/** An index of one image per processor: its digest names the image for all of them. */
const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/** `ARG RUNTIME_IMAGE=public.ecr.aws/lambda/nodejs:24@sha256:…` */
const BASE = /^(ARG \w+_IMAGE=public\.ecr\.aws\/([\w./-]+):([\w.-]+))(?:@sha256:[0-9a-f]{64})?$/gm;

/** Base images of a Dockerfile that are a tag alone: what it names may change from one build to the next. */
export const unpinnedBases = (dockerfile: string): string[] =>
  [...readFileSync(dockerfile, 'utf8').matchAll(BASE)]
    .filter(([line]) => !line.includes('@'))
    .map(([, , repository, tag]) => `${repository}:${tag}`);

/** Writes the digests that AWS's registry gives for the base images' tags today into a Dockerfile. */
export async function pinDockerBases(dockerfile: string, say: (step: string) => void, registry = REGISTRY) {
  const text = readFileSync(dockerfile, 'utf8');
  const digests = new Map<string, string>();
  for (const [, line, repository, tag] of text.matchAll(BASE)) {
    const digest = await digestOf(registry, repository!, tag!);
    digests.set(line!, digest);
    say(`${repository}:${tag} is ${digest}`);
  }
  writeFileSync(
    dockerfile,
    text.replace(BASE, (_, line: string) => `${line}@${digests.get(line)}`),
  );
}

/** @see https://distribution.github.io/distribution/spec/api/ */
async function digestOf(registry: string, repository: string, tag: string): Promise<string> {
  const scope = `repository:${repository}:pull`;
  const { token } = (await (await ask(`${registry}/token/?scope=${scope}&service=public.ecr.aws`)).json()) as {
    token: string;
  };
  const url = `${registry}/v2/${repository}/manifests/${tag}`;
  const { headers } = await ask(url, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${token}`, accept: INDEX_TYPES },
  });
  const digest = headers.get('docker-content-digest');
  if (!digest) throw new ImageError(`${url} was answered without a digest`);
  return digest;
}

async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) }).catch((cause) => {
    throw new ImageError(`${new URL(url).host} does not answer`, { cause });
  });
  if (!response.ok) throw new ImageError(`${url} was answered with ${response.status}`);
  return response;
}
