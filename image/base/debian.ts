import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Architecture, architectures } from '../architecture.ts';
import { filesBelow } from '../files.ts';
import { run } from '../program.ts';
import type { BaseLock, Versions } from './lock.ts';

export const DEBIAN_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * What scanners read in images that were made without dpkg: of each package the control fields, in a file named like it,
 * and beside it the hashes of its files.
 */
export const PACKAGE_FACTS = 'var/lib/dpkg/status.d';

/** Files that debootstrap writes by itself, and what dpkg and apt would need to go on from here. */
const NOT_FROM_PACKAGES = [
  'debootstrap',
  'dev',
  'proc', // a link, where debootstrap runs in a container
  'sys',
  'var/cache',
  'var/lib/apt',
  'var/lib/dpkg',
  'var/log/bootstrap.log',
  'etc/apt/sources.list',
  'etc/fstab',
  'etc/hostname',
  'etc/resolv.conf',
];

/** Documentation in words that no program reads. */
const UNREAD = ['usr/share/man', 'usr/share/locale', 'usr/share/info'];

/**
 * Unpacks Debian's minimal system. It is not configured: no program of it runs, so any processor's can be unpacked on any
 * other. debootstrap checks the signature of what it downloads.
 * @returns the version of each package
 */
export async function unpackDebian(
  { suite, mirror }: BaseLock['debian'],
  architecture: Architecture,
  folder: string,
): Promise<Versions> {
  const { debian } = architectures[architecture];
  await run('debootstrap', [
    '--foreign',
    '--variant=minbase',
    `--arch=${debian}`,
    `--keyring=${DEBIAN_KEYRING}`,
    suite,
    folder,
    mirror,
  ]);
  const facts = `${folder}.facts`;
  const versions = await recordPackages(join(folder, 'var/cache/apt/archives'), facts);
  for (const path of [...NOT_FROM_PACKAGES, ...UNREAD]) rmSync(join(folder, path), { recursive: true, force: true });
  removeAllButCopyrights(join(folder, 'usr/share/doc'));
  mkdirSync(join(folder, 'var/lib/dpkg'));
  renameSync(facts, join(folder, PACKAGE_FACTS));
  for (const path of MOUNT_POINTS) mkdirSync(join(folder, path));
  return versions;
}

const MOUNT_POINTS = ['dev', 'proc', 'sys', 'var/task'];

async function recordPackages(archives: string, facts: string): Promise<Versions> {
  mkdirSync(facts);
  const versions: Versions = {};
  for (const archive of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    const path = join(archives, archive);
    const [name, version] = (await run('dpkg-deb', ['--show', path])).trim().split('\t') as [string, string];
    versions[name] = version;
    await recordPackage(path, join(facts, name));
  }
  return versions;
}

async function recordPackage(archive: string, target: string): Promise<void> {
  const control = `${target}.control`;
  await run('dpkg-deb', ['--control', archive, control]);
  renameSync(join(control, 'control'), target);
  for (const part of ['md5sums', 'conffiles']) {
    if (existsSync(join(control, part))) renameSync(join(control, part), `${target}.${part}`);
  }
  rmSync(control, { recursive: true });
}

/** Links stay: by way of some of them a package shares the copyright of its sources. */
function removeAllButCopyrights(folder: string): void {
  for (const path of [...filesBelow(folder)]) if (basename(path) !== 'copyright') rmSync(path);
}
