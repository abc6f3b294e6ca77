import { openAsBlob } from 'node:fs';
import { extname } from 'node:path';
import { limits, type UploadForm, type UploadMediaType, uploadExtensions } from '@kilat/contracts';
import type { Api } from '../api/client.ts';
import { delayBeforeRetry, realWaiting } from '../api/retry.ts';
import { inOrder } from '../concurrency.ts';
import { CliError, UnreachableError } from '../errors.ts';

const CONCURRENCY = 8;

/** Forms end after a quarter of an hour: asked for in such portions, a slow line has time for each. */
const PORTION = Math.min(100, limits.uploads.maxForms);

export interface Upload {
  readonly name: string;
  readonly mediaType: UploadMediaType;
  readonly content: () => Promise<Blob>;
}

/** A file of this machine. Its name picks the type; the platform tells a photo's format by its content. */
export const fileUpload = (file: string): Upload => ({
  name: file,
  mediaType: mediaTypes[extname(file).slice(1).toLowerCase()] ?? 'image/jpeg',
  content: async () => openAsBlob(file), // which throws at once where it says that it would reject
});

const mediaTypes: Readonly<Record<string, UploadMediaType>> = {
  ...Object.fromEntries(Object.entries(uploadExtensions).map(([type, extension]) => [extension, type])),
  jpg: 'image/jpeg',
  jsonl: 'application/x-ndjson',
};

export interface Uploading {
  readonly signal?: AbortSignal | undefined;
  /** told after each */
  readonly onUploaded?: () => void;
}

/**
 * Uploads, several at a time, to the places that the API names.
 * @returns the keys, in the order of the uploads
 * @throws {CliError} when one is refused
 */
export async function upload(api: Api, uploads: readonly Upload[], uploading: Uploading = {}): Promise<string[]> {
  const keys = new Map<Upload, string>();
  for (const portion of portionsOf(uploads)) {
    const body = { media_type: portion[0]!.mediaType, count: portion.length };
    const { uploads: forms } = await api('createUploads', { body });
    portion.forEach((item, index) => void keys.set(item, forms[index]!.key));
    const posted = inOrder(portion, CONCURRENCY, (item, index) => post(forms[index]!, item, uploading.signal));
    for await (const _ of posted) uploading.onUploaded?.();
  }
  return uploads.map((item) => keys.get(item)!);
}

/** Forms are of one media type each. */
function* portionsOf(uploads: readonly Upload[]): Generator<readonly Upload[]> {
  for (const group of Map.groupBy(uploads, ({ mediaType }) => mediaType).values()) {
    for (let start = 0; start < group.length; start += PORTION) yield group.slice(start, start + PORTION);
  }
}

async function post({ url, fields }: UploadForm, { name, content }: Upload, signal?: AbortSignal): Promise<void> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', await content());
  for (let attempts = 1; ; attempts++) {
    const response = await fetch(url, { method: 'POST', body: form, ...(signal && { signal }) }).catch((cause) => {
      throw signal?.aborted ? cause : new UnreachableError(`${name} was not uploaded: ${url} does not answer`, cause);
    });
    const answer = await response.text();
    if (response.ok) return;
    const delay = delayBeforeRetry(response, attempts, realWaiting);
    if (delay === undefined) throw new CliError(`${name} was not uploaded: ${reasonIn(answer, response.status)}`);
    await realWaiting.sleep(delay, signal);
  }
}

/** S3 says why in XML. */
const reasonIn = (xml: string, status: number): string =>
  /<Message>([^<]*)<\/Message>/.exec(xml)?.[1] ?? `the bucket answered ${status}`;
