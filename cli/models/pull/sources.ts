import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../../errors.ts';
import { RefusedError } from '../refusal.ts';
import { type Expected, isFile, type Placing, placeFile } from './place-file.ts';

/** A mirror that sends nothing for so long is given up. */
const STALL_MS = 30_000;

export interface FailedMirror {
  readonly url: string;
  readonly reason: string;
}

export interface Fetching extends Placing {
  /** told of each mirror that failed before another was tried */
  readonly onFailure?: ((failed: FailedMirror) => void) | undefined;
  readonly stallMs?: number;
}

/**
 * Fetches a file from the first mirror that has it.
 * @returns the mirror's URL
 * @throws {RefusedError} when none has; each was told to `onFailure`
 */
export async function fetchFromMirrors(
  target: string,
  expected: Expected,
  urls: readonly string[],
  fetching: Fetching,
): Promise<string> {
  for (const url of urls) {
    try {
      await fetchFile(target, expected, url, fetching);
      return url;
    } catch (error) {
      if (fetching.signal?.aborted) throw error;
      fetching.onFailure?.({ url, reason: reasonOf(error) });
    }
  }
  throw new RefusedError(`none of the ${urls.length} mirrors had the file; --from DIR takes it from a folder`);
}

async function fetchFile(target: string, expected: Expected, url: string, fetching: Fetching): Promise<void> {
  const stall = stallSignal(fetching.stallMs ?? STALL_MS);
  const signal = AbortSignal.any([stall.signal, ...(fetching.signal ? [fetching.signal] : [])]);
  try {
    const response = await fetch(url, { signal });
    if (!response.ok || !response.body) throw new RefusedError(`it answered ${response.status}`);
    const onProgress = (bytes: number): void => {
      stall.reset();
      fetching.onProgress?.(bytes);
    };
    await placeFile(target, expected, response.body, { signal, onProgress });
  } catch (error) {
    throw stall.signal.aborted ? new RefusedError(stall.signal.reason as string) : error;
  } finally {
    stall.clear();
  }
}

function stallSignal(stallMs: number): { signal: AbortSignal; reset(): void; clear(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(`it sent nothing for ${stallMs / 1000} seconds`), stallMs);
  return { signal: controller.signal, reset: () => timer.refresh(), clear: () => clearTimeout(timer) };
}

/**
 * Copies a file out of a folder, found by its hash at any depth and under any name.
 * @returns where it was
 * @throws {RefusedError} when it is not there
 */
export async function copyFromFolder(
  target: string,
  expected: Expected,
  folder: string,
  placing: Placing,
): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new RefusedError(`the folder ${folder} cannot be read`, { cause });
  });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (!(await isFile(path, expected))) continue;
    await placeFile(target, expected, createReadStream(path), placing);
    return path;
  }
  throw new RefusedError(`no file in ${folder} has the sha256 ${expected.sha256} (${expected.bytes} bytes)`);
}
