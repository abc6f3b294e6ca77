import { WeightsUnreadableError } from '@kilat/core';

const TIMEOUT_MS = 15_000;

/** Reads weights through a link that our own function made. @throws {WeightsUnreadableError} */
export async function fetchWeights(url: string, maxBytes: number): Promise<Uint8Array> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new WeightsUnreadableError(`the weights cannot be read: S3 answered ${response.status}`);
  const length = Number(response.headers.get('content-length'));
  if (length > maxBytes) {
    await response.body?.cancel();
    throw new WeightsUnreadableError(`the weights have ${length} bytes; ${maxBytes} are allowed`);
  }
  return new Uint8Array(await response.arrayBuffer());
}
