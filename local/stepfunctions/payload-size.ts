import type { Json } from '../json.ts';
import { StatesError } from './states-error.ts';

/** Of an input or output as JSON. @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_PAYLOAD_BYTES = 262_144;

export const exceedsPayload = (text: string): boolean =>
  text.length * 3 > MAX_PAYLOAD_BYTES && Buffer.byteLength(text) > MAX_PAYLOAD_BYTES;

/** @param name of the state or task, for people. @throws {StatesError} States.DataLimitExceeded */
export function assertFits(value: Json, name: string): void {
  if (!exceedsPayload(JSON.stringify(value))) return;
  throw new StatesError(
    'States.DataLimitExceeded',
    `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}
