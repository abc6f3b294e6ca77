import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BUNDLED_PACKAGES,
  type BundledPackage,
  licenceTexts,
  THIRD_PARTY_LICENCES,
} from '../../lib/bundle/third-party.ts';
import { root, version } from '../../lib/repository.ts';
import { npmPurl } from './npm-packages.ts';
import type { Part } from './part.ts';

const TASK = 'var/task';

/** What packages without files of their own became part of. */
export const MODULES = 'index.mjs and batch.mjs';

/** Kilat's own code. */
export const kilat = (): Part => ({
  type: 'application',
  name: 'kilat',
  version,
  licences: ['MIT'],
  texts: licenceTexts(root),
  owns: [
    ...['index.mjs', 'index.mjs.map', 'batch.mjs', 'batch.mjs.map', BUNDLED_PACKAGES, THIRD_PARTY_LICENCES].map(
      (file) => `${TASK}/${file}`,
    ),
    'var/runtime/', // where the base is the stand-in: its client is ours
  ],
});

/** Packages whose code is part of ours. Their licences are in one file of the image. */
export function bundledPackages(folder: string): Part[] {
  const list = JSON.parse(readFileSync(join(folder, TASK, BUNDLED_PACKAGES), 'utf8')) as BundledPackage[];
  return list.map(({ name, version, licence }) => ({
    type: 'library',
    name,
    version,
    licences: [licence],
    texts: [],
    purl: npmPurl(name, version),
    within: MODULES,
    owns: [],
  }));
}
