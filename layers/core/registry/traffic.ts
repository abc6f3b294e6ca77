import type { AliasState } from '@kilat/contracts';

export interface Assignment {
  readonly version: string;
  readonly alias: 'champion' | 'challenger';
}

/**
 * Which version answers a user. The same user meets the same one as long as aliases and percent stay, and a higher
 * percent only adds users: nobody goes back and forth.
 * @param userId hashed with the challenger's version, so that the next experiment draws other users
 */
export function assignedVersion({ model, aliases, challenger_percent }: AliasState, userId: string): Assignment {
  const { champion, challenger } = aliases;
  const isDrawn = challenger && hundredths(`${model}#${challenger}#${userId}`) < challenger_percent * 100;
  return isDrawn ? { version: challenger, alias: 'challenger' } : { version: champion, alias: 'champion' };
}

/** A whole number of 0 to 9,999, each as likely over users. */
const hundredths = (text: string): number => Math.floor((mixed(fnv1a(text)) / 2 ** 32) * 10_000);

/** FNV-1a over UTF-16 units, 32 bits. Source: RFC 9923. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** MurmurHash3's finaliser: FNV alone leaves the upper bits of short texts alike. */
function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
