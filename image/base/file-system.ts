import { cpSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../lib/repository.ts';
import type { Architecture } from '../architecture.ts';
import { architectures } from '../architecture.ts';
import { LockedPackageError } from '../errors.ts';
import { unpackDebian } from './debian.ts';
import { assertLocked, type BaseLock, nodePackage, npmPackage } from './lock.ts';
import { fetchNpmPackage } from './npm-package.ts';

/** Where the base image says what its Node is, and under which licence. */
export const NODE_FACTS = 'usr/local/share/doc/node';

/** Lays out the runtime's base image in `folder`: Debian, Node, the runtime interface client. */
export async function layOutRuntime(lock: BaseLock, architecture: Architecture, folder: string): Promise<void> {
  const versions = await unpackDebian(lock.debian, architecture, folder);
  assertLocked(versions, lock.debian.packages[architectures[architecture].debian]);
  await addNode(lock, architecture, folder);
  await build({
    absWorkingDir: root,
    entryPoints: [join(import.meta.dirname, 'runtime-interface-client.ts')],
    outfile: join(folder, 'var/runtime/index.mjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'warning',
  });
}

async function addNode(lock: BaseLock, architecture: Architecture, folder: string): Promise<void> {
  const name = nodePackage(architecture);
  const fetched = `${folder}.node`;
  await fetchNpmPackage(name, lockedIntegrity(lock, name), fetched);
  mkdirSync(join(folder, NODE_FACTS), { recursive: true });
  for (const file of ['package.json', 'LICENSE']) cpSync(join(fetched, file), join(folder, NODE_FACTS, file));
  mkdirSync(join(folder, 'usr/local/bin'), { recursive: true });
  renameSync(join(fetched, 'bin/node'), join(folder, 'usr/local/bin/node'));
}

/** Lays out in `folder` what the build stage has beyond the runtime: npm. */
export async function layOutBuild(lock: BaseLock, folder: string): Promise<void> {
  const npm = join(folder, 'usr/local/lib/node_modules/npm');
  await fetchNpmPackage(npmPackage, lockedIntegrity(lock, npmPackage), npm);
  const link = join(folder, 'usr/local/bin/npm');
  mkdirSync(dirname(link));
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', link);
}

function lockedIntegrity(lock: BaseLock, name: string): string {
  const integrity = lock.npm[name];
  if (!integrity) {
    throw new LockedPackageError(`base.lock.json knows no ${name}; 'npm run image -- pin' looks it up`);
  }
  return integrity;
}
