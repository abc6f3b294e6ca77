import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { licenceTexts } from '../../lib/bundle/third-party.ts';
import { PACKAGE_FACTS } from '../base/debian.ts';
import { NODE_FACTS } from '../base/file-system.ts';
import { debianPackage } from './debian-package.ts';
import { npmPurl } from './npm-packages.ts';
import type { Part } from './part.ts';

/** What an image stands on: the stand-in's Debian packages and Node one by one, AWS's base image as one part. */
export function baseParts(folder: string): Part[] {
  if (!existsSync(join(folder, PACKAGE_FACTS))) return [operatingSystem(folder)];
  const names = readdirSync(join(folder, PACKAGE_FACTS)).filter((name) => !/\.(md5sums|conffiles)$/.test(name));
  return [...names.map((name) => debianPackage(folder, name)), node(folder)];
}

function node(folder: string): Part {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, NODE_FACTS, 'package.json'), 'utf8'));
  return {
    type: 'application',
    name,
    version,
    licences: [license],
    texts: licenceTexts(join(folder, NODE_FACTS)),
    purl: npmPurl(name, version),
    owns: ['usr/local/'],
  };
}

/** @see https://www.freedesktop.org/software/systemd/man/latest/os-release.html */
function operatingSystem(folder: string): Part {
  const { ID, VERSION_ID } = parseEnv(readFileSync(join(folder, 'etc/os-release'), 'utf8'));
  return {
    type: 'operating-system',
    name: ID ?? 'linux',
    version: VERSION_ID ?? 'unknown',
    licences: ["the base image's own: see /usr/share/licenses in it"],
    texts: [],
    owns: allButTask(folder),
  };
}

/** Nothing that we add can pass for the base's. */
function allButTask(folder: string): string[] {
  const [top, below] = [readdirSync(folder), readdirSync(join(folder, 'var')).map((name) => `var/${name}`)];
  return [...top, ...below]
    .filter((path) => path !== 'var' && path !== 'var/task')
    .flatMap((path) => [path, `${path}/`]);
}
