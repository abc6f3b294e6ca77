import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PackageURL } from 'packageurl-js';
import { PACKAGE_FACTS } from '../base/debian.ts';
import type { Part } from './part.ts';

/** A package of Debian's, by the facts that were written down when it was unpacked. */
export function debianPackage(folder: string, name: string): Part {
  const facts = `${PACKAGE_FACTS}/${name}`;
  const control = readFileSync(join(folder, facts), 'utf8');
  const [version, architecture] = ['Version', 'Architecture'].map((field) => fieldOf(control, field));
  const copyright = `usr/share/doc/${name}/copyright`;
  const beside = [`${facts}.md5sums`, `${facts}.conffiles`].filter((path) => existsSync(join(folder, path)));
  return {
    type: 'library',
    name,
    version: version!,
    licences: licencesIn(readFileSync(join(folder, copyright), 'utf8')) ?? [`see /${copyright}`],
    texts: [],
    purl: new PackageURL('deb', 'debian', name, version!, { arch: architecture!, distro: 'debian-12' }).toString(),
    owns: [facts, ...beside, ...beside.flatMap((path) => pathsIn(readFileSync(join(folder, path), 'utf8')))],
  };
}

const fieldOf = (control: string, field: string): string | undefined =>
  new RegExp(`^${field}: (.*)$`, 'm').exec(control)?.[1];

/**
 * The names of the licences in a copyright file: those of its paragraphs where machines can read it, else the common
 * ones that it points at.
 * @see https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
 */
export function licencesIn(copyright: string): string[] | undefined {
  const stated = [...copyright.matchAll(/^License: *(\S.*?)\s*$/gm)];
  const pointed = [...copyright.matchAll(/\/usr\/share\/common-licenses\/([\w+-]+(?:\.\d+)*)/g)];
  const names = (stated.length > 0 ? stated : pointed).map(([, name]) => name!);
  const unique = new Map(names.map((name) => [name.toLowerCase(), name])); // BSD-3-clause, and BSD-3-Clause
  return names.length > 0 ? [...unique.values()].sort() : undefined;
}

/**
 * Paths in a list of hashes (`<md5>  bin/true`) or of configuration files (`/etc/issue`), as they lie since Debian merged
 * `/bin` into `/usr/bin`.
 */
const pathsIn = (list: string): string[] =>
  list
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('remove-on-upgrade '))
    .map((line) => line.replace(/^[0-9a-f]{32} {2}/, '').replace(/^\//, ''))
    .map((path) => path.replace(/^(bin|sbin|lib\w*)\//, 'usr/$1/'));
