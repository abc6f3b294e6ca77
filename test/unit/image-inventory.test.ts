import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { licencesIn } from '../../image/inventory/debian-package.ts';
import { inventory } from '../../image/inventory/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** An image on a base like AWS's, with a package and what a case adds. */
function anImage(files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  const all = {
    'etc/os-release': 'ID="amzn"\nVERSION_ID="2023"\n',
    'lambda-entrypoint.sh': '',
    'var/runtime/bootstrap': '',
    'var/task/index.mjs': '',
    'var/task/bundled-packages.json': '[{"name":"zod","version":"4.6.7","licence":"MIT"}]',
    'var/task/node_modules/sharp/package.json': '{"name":"sharp","version":"0.35.5","license":"Apache-2.0"}',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const titles = (folder: string): string[] => inventory(folder).map(({ name, version }) => `${name} ${version}`);

describe('the inventory of an image', () => {
  it('lists our code, what was bundled into it, what was installed, and the base', () => {
    expect(titles(anImage())).toEqual(['kilat 0.1.0', 'zod 4.6.7', 'sharp 0.35.5', 'amzn 2023']);
  });

  it.each([
    ['var/task/stray.js', ''],
    ['var/task/node_modules/nameless/index.js', ''],
    ['var/task/node_modules/unlicensed/package.json', '{"name":"unlicensed","version":"1.0.0"}'],
  ])('refuses an image in which %s belongs to nothing with a licence', (path, text) => {
    expect(() => inventory(anImage({ [path]: text }))).toThrow(
      `files of the image belong to nothing with a licence: ${path}`,
    );
  });

  it('does not look beyond a link that leads out of the image', () => {
    const folder = anImage();
    symlinkSync('/', join(folder, 'var/task/outside'));

    expect(titles(folder)).toHaveLength(4);
  });

  it('names the libraries inside libvips with their licences, whatever each table calls them', () => {
    const libvips = 'var/task/node_modules/@img/sharp-libvips-linux-x64';
    const folder = anImage({
      [`${libvips}/package.json`]:
        '{"name":"@img/sharp-libvips-linux-x64","version":"1.3.4","license":"LGPL-3.0-or-later"}',
      [`${libvips}/versions.json`]: '{"cairo":"1.18.6","uhdr":"2.0.2","png":"1.6.58"}',
      [`${libvips}/README.md`]: [
        '| Library | Used under the terms of |',
        '|---|---|',
        '| cairo       | Mozilla Public License 1.1 |',
        '| libpng      | [libpng License](https://github.com/pnggroup/libpng/blob/master/LICENSE) |',
        '| libultrahdr | MIT License |',
      ].join('\n'),
    });

    const libraries = inventory(folder).filter(({ within }) => within === '@img/sharp-libvips-linux-x64');
    expect(libraries.map(({ name, licences }) => [name, ...licences])).toEqual([
      ['cairo', 'Mozilla Public License 1.1'],
      ['uhdr', 'MIT License'],
      ['png', 'libpng License'],
    ]);
  });
});

// The first as in Debian's copyright format 1.0, the second as libc6 of bookworm has it.
describe('a Debian copyright file', () => {
  it('names the licences of its paragraphs, each once', () => {
    const copyright =
      'Format: https://…/1.0/\n\nFiles: *\nLicense: GPL-2+\n\nFiles: a\nLicense: BSD-3-clause\n\nFiles: b\nLicense: GPL-2+\n';

    expect(licencesIn(copyright)).toEqual(['BSD-3-clause', 'GPL-2+']);
  });

  it('in words names the common licences that it points at', () => {
    const copyright = "can be found in `/usr/share/common-licenses/LGPL-2.1'.\nsee /usr/share/common-licenses/GPL-2.\n";

    expect(licencesIn(copyright)).toEqual(['GPL-2', 'LGPL-2.1']);
  });

  it('that points at none gives none', () => {
    expect(licencesIn('You may copy this as you like.')).toBeUndefined();
  });
});
