import { readFile, stat } from 'node:fs/promises';
import { reasonOf } from '../../errors.ts';
import { RefusedError } from '../refusal.ts';

/** The function's image holds its models, and every cold start reads one: more than this is no model for it. */
export const MAX_WEIGHTS_BYTES = 250 * 1024 * 1024;

/** @throws {RefusedError} when the file cannot be read or is too large to be served */
export async function readWeightsFile(path: string): Promise<Uint8Array> {
  const { size } = await stat(path).catch(unreadable('ONNX file'));
  if (size <= MAX_WEIGHTS_BYTES) return readFile(path).catch(unreadable('ONNX file'));
  throw new RefusedError(`${path} has ${size} bytes; a model of at most ${MAX_WEIGHTS_BYTES} can be served`);
}

/** @throws {RefusedError} when the file cannot be read */
export const readTextFile = (what: string, path: string): Promise<string> =>
  readFile(path, 'utf8').catch(unreadable(what));

const unreadable =
  (what: string) =>
  (error: unknown): never => {
    throw new RefusedError(`the ${what} cannot be read: ${reasonOf(error)}`);
  };
