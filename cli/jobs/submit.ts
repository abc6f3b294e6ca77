import type { Job } from '@kilat/contracts';
import { IDEMPOTENCY_KEY_HEADER, type jobRequestSchema } from '@kilat/contracts';
import type * as z from 'zod';
import type { Api } from '../api/client.ts';
import type { Source } from './source.ts';
import { fileUpload, type Upload, type Uploading, upload } from './upload.ts';

/** A request with more keys than these would outgrow what a function may be handed: a manifest carries them instead. */
const MAX_KEYS = 20_000;

export interface Submission {
  readonly source: Source;
  readonly model?: string | undefined;
  readonly topK?: number | undefined;
  readonly explain?: boolean | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly idempotencyKey: string;
}

type Input = Pick<z.input<typeof jobRequestSchema>, 'uploads' | 'source' | 'manifest'>;

/**
 * Uploads what is on this machine and submits the job.
 * @param uploading its signal stops the uploads, and what would follow them
 */
export async function submit(api: Api, submission: Submission, uploading: Uploading): Promise<Job> {
  const { model, topK: top_k, explain, idempotencyKey } = submission;
  const input = await inputOf(api, submission, uploading);
  uploading.signal?.throwIfAborted();
  const headers = { [IDEMPOTENCY_KEY_HEADER]: idempotencyKey };
  return api('submitJob', { headers, body: { model, top_k, explain, ...input } });
}

async function inputOf(api: Api, { source, include, exclude }: Submission, uploading: Uploading): Promise<Input> {
  if (source.kind === 'prefix')
    return { source: { prefix: source.prefix, include: include && [...include], exclude: exclude && [...exclude] } };
  if (source.kind === 'manifest') return { manifest: await uploadOne(api, fileUpload(source.file)) };
  const keys = await upload(api, source.files.map(fileUpload), uploading);
  return keys.length <= MAX_KEYS ? { uploads: keys } : { manifest: await uploadOne(api, manifestOf(keys)) };
}
async function uploadOne(api: Api, item: Upload): Promise<string> {
  const [key] = await upload(api, [item]);
  return key!;
}

const manifestOf = (keys: readonly string[]): Upload => ({
  name: 'the list of photos',
  mediaType: 'application/x-ndjson',
  content: async () => new Blob(keys.map((key) => `${JSON.stringify({ key })}\n`)),
});
