import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { licenceList, THIRD_PARTY_LICENCES } from '../lib/bundle/third-party.ts';
import { MODULES } from './inventory/bundled.ts';
import type { Part } from './inventory/part.ts';

/** Who holds which licence in an image, with the texts; those of Debian's packages are in the image, in `/usr/share/doc`. */
export function licencesOf(parts: readonly Part[], folder: string): string {
  const bundled = readFileSync(join(folder, 'var/task', THIRD_PARTY_LICENCES), 'utf8');
  const others = parts.filter(({ within }) => within !== MODULES);
  const licensed = others.map(({ name, version, licences, texts, within }) => ({
    title: `${name} ${version}${within ? ` (in ${within})` : ''}: ${licences.join(', ')}`,
    texts,
  }));
  return `${licenceList(licensed)}\n${bundled}`;
}
