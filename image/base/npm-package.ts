import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LockedPackageError } from '../errors.ts';
import { run } from '../program.ts';

interface Packed {
  readonly filename: string;
  readonly integrity: string;
}

/**
 * Fetches a package as it was published, into `folder`; nothing of it runs.
 * @param locked its integrity, or undefined to take what there is
 * @returns its integrity
 * @throws {LockedPackageError}
 */
export async function fetchNpmPackage(name: string, locked: string | undefined, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const printed = await run('npm', ['pack', name, '--json', '--pack-destination', folder]);
  const [{ filename, integrity }] = JSON.parse(printed) as [Packed];
  if (locked && integrity !== locked) {
    throw new LockedPackageError(`${name} has the integrity ${integrity}; base.lock.json states ${locked}`);
  }
  await run('tar', ['-xzf', join(folder, filename), '-C', folder, '--strip-components=1', '--no-same-owner']);
  return integrity;
}
