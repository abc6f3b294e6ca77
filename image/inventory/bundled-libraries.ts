import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from './part.ts';

/** sharp-libvips calls them by one name among its versions and by another in its table of licences. */
const inTable = (name: string): string[] => [name, `lib${name}`, ...(name === 'uhdr' ? ['libultrahdr'] : [])];

/** What sharp's build of libvips is linked from: their versions, and the table of licences in the package's README. */
export function bundledLibraries(packageFolder: string, within: string): Part[] {
  const file = join(packageFolder, 'versions.json');
  if (!existsSync(file)) return [];
  const versions = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  const licences = licenceTable(readFileSync(join(packageFolder, 'README.md'), 'utf8'));
  return Object.entries(versions).map(([name, version]) => ({
    type: 'library',
    name,
    version,
    licences: inTable(name).flatMap((row) => licences.get(row) ?? []),
    texts: [],
    within,
    owns: [],
  }));
}

/** Rows of a Markdown table of two columns: `| cairo | Mozilla Public License 1.1 |`. Links lose their addresses. */
const licenceTable = (markdown: string): Map<string, string> =>
  new Map(
    [...markdown.matchAll(/^\| *([\w-]+) *\| *(\S.*?) *\|$/gm)].map(([, name, licence]) => [
      name!,
      licence!.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1'),
    ]),
  );
