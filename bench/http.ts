import type { BenchCloud } from './cloud.ts';

/** One prediction over HTTP, its answer read to the end. */
export async function predictOverHttp({ apiUrl, token }: BenchCloud, photo: Buffer, model: string): Promise<void> {
  const response = await fetch(`${apiUrl}/v1/predict?model=${model}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'image/jpeg' },
    body: new Uint8Array(photo),
  });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`the API answered ${response.status}: ${body}`);
}
