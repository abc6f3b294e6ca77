import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest, registerRequestSchema } from '@kilat/contracts';
import type * as z from 'zod';
import { call } from './api.ts';
import { projectRoot } from './shared-data.ts';
import { uploaded } from './uploads.ts';

const folder = join(projectRoot, 'models/signs');
const signs = await readFile(join(folder, 'model.onnx'));
const manifest = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as ModelManifest;
const golden = await readFile(join(folder, 'golden.json'));

type RegisterRequest = z.input<typeof registerRequestSchema>;

/** The files of a version, before they are uploaded. */
export interface VersionFiles {
  readonly weights: Uint8Array;
  readonly manifest: unknown;
  readonly golden: Uint8Array;
}

/** models/signs as it is, but for what the case is about. */
export const signsFiles = (changes: Partial<VersionFiles> = {}): VersionFiles => ({
  weights: signs,
  manifest,
  golden,
  ...changes,
});

/**
 * The same network under labels turned by so many places, so that an answer tells by its labels which version made it;
 * and with a comment at its end, so that the files differ too (ModelProto.doc_string is field 6 of ONNX's protobuf).
 */
export function turnedSigns(places: number): VersionFiles {
  const comment = Buffer.from(`turned by ${places}`);
  const DOC_STRING = (6 << 3) | 2;
  const labels = manifest.labels.map((_, index) => manifest.labels[(index + places) % manifest.labels.length]!);
  return signsFiles({
    weights: Buffer.concat([signs, Buffer.from([DOC_STRING, comment.length]), comment]),
    manifest: { ...manifest, labels },
  });
}

/** Uploads the files of a version through forms. @returns what to ask for its registration */
export async function uploadVersion(token: string, files: VersionFiles): Promise<RegisterRequest> {
  const [weights, manifest, golden] = await Promise.all([
    uploaded(token, files.weights, 'application/octet-stream'),
    uploaded(token, Buffer.from(JSON.stringify(files.manifest)), 'application/json'),
    uploaded(token, files.golden, 'application/json'),
  ]);
  return { weights, manifest, golden };
}

const json = { 'content-type': 'application/json' };

export const askToRegister = (token: string, request: RegisterRequest, model = 'signs') =>
  call(`/v1/models/${model}/register`, { token, method: 'POST', headers: json, body: JSON.stringify(request) });

export const register = async (token: string, files: VersionFiles) =>
  askToRegister(token, await uploadVersion(token, files));

export const aliasesOfSigns = (token: string) => call('/v1/models/signs/aliases', { token });

export const promote = (token: string, version: string, etag: string) =>
  call('/v1/models/signs/promote', {
    token,
    method: 'POST',
    headers: { ...json, 'if-match': etag },
    body: JSON.stringify({ version }),
  });

export const rollBack = (token: string, etag: string) =>
  call('/v1/models/signs/rollback', { token, method: 'POST', headers: { ...json, 'if-match': etag }, body: '{}' });
