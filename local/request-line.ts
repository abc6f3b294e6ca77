import type { CodeDelivery } from './cognito/index.ts';
import type { RequestFacts } from './http-api/index.ts';

/** One request, one line. The path comes without its query, which may hold what is not for a screen. */
export function requestLine({ method, path, status, durationMs, requestId }: RequestFacts, at: Date): string {
  return `${timeOf(at)} ${method.padEnd(6)} ${path} ${status} ${durationMs.toFixed(1)} ms ${requestId}`;
}

/** What a laptop has instead of a mailbox. */
export const codeLine = ({ medium, destination, purpose, code }: CodeDelivery, at: Date): string =>
  `${timeOf(at)} ${medium}  to ${destination}: ${purpose} ${code}`;

const timeOf = (at: Date): string => at.toTimeString().slice(0, 8);
