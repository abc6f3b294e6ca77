import type { UploadForm } from '@kilat/contracts';
import { call } from './api.ts';

/** Forms of the API, as `POST /v1/uploads` answers. */
export const askForForms = (token: string, request: object) =>
  call('/v1/uploads', {
    token,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });

export const forms = async (token: string, request: object): Promise<UploadForm[]> =>
  (await askForForms(token, request)).body.uploads;

/** Posts a file through a form, as a browser would. @returns the status */
export async function upload(form: UploadForm, bytes: Uint8Array, type: string): Promise<number> {
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.set(name, value);
  body.set('file', new Blob([new Uint8Array(bytes)], { type }));
  return (await fetch(form.url, { method: 'POST', body })).status;
}

/** Uploads a file. @returns its key */
export async function uploaded(token: string, bytes: Uint8Array, media_type: string): Promise<string> {
  const [form] = await forms(token, { media_type });
  const status = await upload(form!, bytes, media_type);
  if (status !== 204) throw new Error(`the upload was answered ${status}`);
  return form!.key;
}
