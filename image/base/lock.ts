import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { root } from '../../lib/repository.ts';
import { type Architecture, architectures } from '../architecture.ts';
import { LockedPackageError } from '../errors.ts';

const versions = z.record(z.string(), z.string());

/** What the stand-ins for AWS's base images are made of, to the version; `npm run image -- pin` writes it anew. */
const baseLockSchema = z.strictObject({
  debian: z.strictObject({
    suite: z.string(),
    mirror: z.url(),
    /** by processor, as Debian names it: version by package */
    packages: z.strictObject({ amd64: versions, arm64: versions }),
  }),
  /** npm's integrity, by `name@version` */
  npm: z.record(z.string(), z.string().startsWith('sha512-')),
});
export type BaseLock = z.infer<typeof baseLockSchema>;
export type Versions = z.infer<typeof versions>;

const LOCK_FILE = join(import.meta.dirname, 'base.lock.json');

export const readBaseLock = (): BaseLock => baseLockSchema.parse(JSON.parse(readFileSync(LOCK_FILE, 'utf8')));

export const writeBaseLock = (lock: BaseLock): void =>
  writeFileSync(LOCK_FILE, `${JSON.stringify(baseLockSchema.parse(lock), undefined, 2)}\n`);

/** The one npm of the build stage; its lock file is made for no other. */
const NPM_VERSION = '11.19.1';

const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** `name@version` of what npm's registry has for the base images. The Node is the one that the project runs on. */
export const nodePackage = (architecture: Architecture): string =>
  `node-linux-${architectures[architecture].npm}@${devDependencies.node}`;
export const npmPackage = `npm@${NPM_VERSION}`;

/** @throws {LockedPackageError} naming the first packages that differ */
export function assertLocked(found: Versions, locked: Versions): void {
  const names = [...new Set([...Object.keys(locked), ...Object.keys(found)])].sort();
  const differing = names.filter((name) => found[name] !== locked[name]);
  if (differing.length === 0) return;
  const shown = differing.slice(0, 5).map((name) => `${name} ${found[name] ?? 'is gone'} (${locked[name] ?? 'new'})`);
  throw new LockedPackageError(
    `the mirror has other versions of ${differing.length} Debian packages than base.lock.json, in brackets: ` +
      `${shown.join(', ')}; 'npm run image -- pin' locks what there is`,
  );
}
