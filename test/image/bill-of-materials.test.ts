import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Version } from '@cyclonedx/cyclonedx-library/Spec';
import { JsonStrictValidator } from '@cyclonedx/cyclonedx-library/Validation';
import { describe, expect, inject, it } from 'vitest';
import { architectureNames, architectures } from '../../image/architecture.ts';
import { readBaseLock } from '../../image/base/lock.ts';
import { IMAGE_DIR } from '../../image/build.ts';
import { besideImage } from '../support/image/setup.ts';
import { projectRoot } from '../support/shared-data.ts';

interface Component {
  readonly type: string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string; readonly name?: string };
    readonly expression?: string;
  }[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

const nameOf = ({ group, name }: Component): string => (group ? `${group}/${name}` : name);
const licencesOf = ({ licenses = [] }: Component): string[] =>
  licenses.map(({ license, expression }) => license?.id ?? license?.name ?? expression ?? '');
const isDebian = ({ purl }: Component): boolean => purl?.startsWith('pkg:deb/') ?? false;

/** Packages that the bundler itself says it took code from, by their folders from the repository's root. */
function packagesInSourceMap(module: string): string[] {
  const file = join(IMAGE_DIR, 'bundle/images/inference', `${module}.map`);
  const { sources } = JSON.parse(readFileSync(file, 'utf8')) as { sources: string[] };
  return [
    ...new Set(
      sources.flatMap((source) => /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(source)?.[0] ?? []),
    ),
  ];
}

const versionedName = (folder: string): string => {
  const { name, version } = JSON.parse(readFileSync(join(projectRoot, folder, 'package.json'), 'utf8'));
  return `${name}@${version}`;
};

describe.each(architectureNames)('the bill of materials for %s', (architecture) => {
  describe.runIf(inject('images')[architecture])('beside the image', () => {
    const text = (): string => besideImage(architecture, 'sbom.cdx.json');
    const components = (): Component[] => JSON.parse(text()).components;

    it('is CycloneDX 1.6, by its strict schema', async () => {
      expect(await new JsonStrictValidator(Version.v1dot6).validate(text())).toBeNull();
    });

    it.each(['index.mjs', 'batch.mjs'])('lists every package that %s was bundled from', (module) => {
      const listed = new Set(components().map((component) => `${nameOf(component)}@${component.version}`));

      const packages = packagesInSourceMap(module).map(versionedName);
      expect(packages.length).toBeGreaterThan(20);
      expect(packages.filter((name) => !listed.has(name))).toEqual([]);
    });

    it('lists the native packages, their libraries, Node, the model', () => {
      const { npm } = architectures[architecture];
      const names = components().map(nameOf);

      expect(names).toEqual(expect.arrayContaining(['onnxruntime-node', `@img/sharp-linux-${npm}`, 'vips', 'glib']));
      expect(names).toEqual(expect.arrayContaining([`node-linux-${npm}`, 'signs', 'kilat']));
    });

    it("lists the base's Debian packages in the versions that are locked", () => {
      const listed = components().filter(isDebian);

      const versions = Object.fromEntries(listed.map(({ name, version }) => [name, version]));
      expect(versions).toEqual(readBaseLock().debian.packages[architectures[architecture].debian]);
    });

    it('states a licence for each', () => {
      const unlicensed = components().filter((component) => licencesOf(component).filter(Boolean).length === 0);

      expect(unlicensed).toEqual([]);
    });

    it("holds nothing of ours under a GPL but sharp's libvips and its libraries, which are under the LGPL", () => {
      const copyleft = components().filter(
        (component) => !isDebian(component) && licencesOf(component).some((licence) => /GPL|SSPL/.test(licence)),
      );

      const libvips = `@img/sharp-libvips-linux-${architectures[architecture].npm}`;
      const within = ({ properties = [] }: Component) => properties.find(({ name }) => name === 'kilat:within')?.value;
      expect(copyleft.filter((component) => (within(component) ?? nameOf(component)) !== libvips)).toEqual([]);
      expect(copyleft.flatMap(licencesOf).filter((licence) => !licence.startsWith('LGPL'))).toEqual([]);
      expect(copyleft.map(nameOf)).toContain(libvips);
    });
  });

  describe.runIf(inject('images')[architecture])('has its licences in words', () => {
    it('with the texts that packages carry', () => {
      const list = besideImage(architecture, 'THIRD-PARTY-LICENCES.txt');

      expect(list).toContain('onnxruntime-node 1.30.0: MIT');
      expect(list).toContain('Copyright Node.js contributors. All rights reserved.');
      expect(list).toContain('Copyright (c) 2025 Colin McDonnell'); // zod's, in the bundle
      expect(list).toMatch(/^libc6 .*: GPL-2, LGPL-2\.1$/m);
    });
  });
});
