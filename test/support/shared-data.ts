import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Public weights and photos that tests read and the repository does not carry: KILAT_SHARED, or `shared` beside the
 * repository.
 */
export const sharedDir = resolve(process.env.KILAT_SHARED ?? join(import.meta.dirname, '../../../shared'));

/** For `describe.skipIf`: what is missing, or undefined when all of it is there. */
export function missingSharedData(...paths: readonly string[]): string | undefined {
  const missing = paths.map((path) => join(sharedDir, path)).find((path) => !existsSync(path));
  return missing && `${missing} is not there; KILAT_SHARED names the folder of shared test data`;
}
