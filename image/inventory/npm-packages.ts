import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PackageURL } from 'packageurl-js';
import { licenceTexts } from '../../lib/bundle/third-party.ts';
import { bundledLibraries } from './bundled-libraries.ts';
import type { Part } from './part.ts';

const MODULES = 'var/task/node_modules';

export function npmPurl(fullName: string, version: string): string {
  const [name, namespace] = fullName.split('/').reverse();
  return new PackageURL('npm', namespace, name!, version).toString();
}

/** Packages that are installed, with the libraries that their authors compiled into them. */
export function npmPackages(folder: string): Part[] {
  return packageFolders(join(folder, MODULES)).flatMap((path) => {
    const packageFolder = join(folder, MODULES, path);
    const { name, version, license } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
    const part: Part = {
      type: 'library',
      name,
      version,
      licences: [license],
      texts: licenceTexts(packageFolder),
      purl: npmPurl(name, version),
      owns: [`${MODULES}/${path}/`],
    };
    return [part, ...bundledLibraries(packageFolder, name)];
  });
}

/** npm was told of native packages alone, which it lays side by side. */
const packageFolders = (modules: string): string[] =>
  readdirSync(modules)
    .sort()
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((scoped) => `${name}/${scoped}`) : [name],
    )
    .filter((path) => existsSync(join(modules, path, 'package.json')));
