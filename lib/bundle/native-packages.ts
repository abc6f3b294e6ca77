import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from './folder.ts';

/** What no bundler can hold, the letters of pictures among it: only an image, which installs them, may import them. */
export const nativePackages = ['onnxruntime-node', 'sharp', 'dejavu-fonts-ttf'] as const;

interface LockedPackage {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/**
 * A package.json and a lock file of the native packages alone, cut out of the repository's: the image is built anew when
 * one of these changes, and not with every tool of ours; and npm fetches nothing else.
 */
export function nativePackageFiles(root: string): Files {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  const locked = closure(packages);
  const manifest = {
    name: 'kilat-native-packages',
    version: '0.0.0',
    private: true,
    dependencies: Object.fromEntries(nativePackages.map((name) => [name, locked[`node_modules/${name}`]!.version])),
  };
  const lockFile = { ...manifest, lockfileVersion: 3, requires: true, packages: { '': manifest, ...locked } };
  return new Map([
    ['packages/package.json', asJson(manifest)],
    ['packages/package-lock.json', asJson(lockFile)],
  ]);
}

/** The native packages and all they depend on, as the lock file places them. */
function closure(packages: LockFile['packages']): LockFile['packages'] {
  const found = new Set<string>();
  const waiting = nativePackages.map((name) => `node_modules/${name}`);
  for (let path = waiting.pop(); path; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const { dependencies, optionalDependencies } = packages[path]!;
    const names = Object.keys({ ...dependencies, ...optionalDependencies });
    waiting.push(...names.flatMap((name) => resolved(packages, path, name) ?? []));
  }
  return Object.fromEntries([...found].sort().map((path) => [path, packages[path]!]));
}

/** As Node looks for it: in the package's own folder first, then outwards. */
function resolved(packages: LockFile['packages'], from: string, name: string): string | undefined {
  const path = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`;
  if (packages[path] || from === '') return packages[path] && path;
  return resolved(packages, from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1)), name);
}

const asJson = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
