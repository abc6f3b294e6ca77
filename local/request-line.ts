import type { RequestFacts } from './http-api/index.ts';

/** One request, one line. The path comes without its query, which may hold what is not for a screen. */
export function requestLine({ method, path, status, durationMs, requestId }: RequestFacts, at: Date): string {
  const time = at.toTimeString().slice(0, 8);
  return `${time} ${method.padEnd(6)} ${path} ${status} ${durationMs.toFixed(1)} ms ${requestId}`;
}
