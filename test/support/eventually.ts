/** Waits for what comes about by itself. */
export async function eventually<T>(look: () => Promise<T | undefined>, timeoutMs = 30_000): Promise<T> {
  for (const end = performance.now() + timeoutMs; performance.now() < end; ) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not come about within ${timeoutMs} ms`);
}
