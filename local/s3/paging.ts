/** A page of a listing: entries, and the groups that a delimiter makes of the rest. */
export interface Page<Entry> {
  readonly entries: readonly Entry[];
  readonly prefixes: readonly string[];
  readonly isTruncated: boolean;
  /** What the page ends with, to go on from; undefined where it is empty. */
  readonly last: { readonly key: string; readonly entry?: Entry } | undefined;
}

export interface PageRequest {
  readonly prefix: string;
  /** Keys that share what stands before it, after the prefix, are one group; empty: none are. */
  readonly delimiter: string;
  /** The key or group that the page before ended with. */
  readonly after: string;
  readonly max: number;
}

/** Fills a page from entries in the order of their keys, none of them before the prefix. */
export function pageOf<Entry extends { readonly key: string }>(
  candidates: Iterable<Entry>,
  { prefix, delimiter, after, max }: PageRequest,
): Page<Entry> {
  const entries: Entry[] = [];
  const prefixes: string[] = [];
  let last: Page<Entry>['last'];
  for (const entry of candidates) {
    if (!entry.key.startsWith(prefix)) break;
    const group = groupOf(entry.key, prefix, delimiter);
    if (group !== undefined && (group === prefixes.at(-1) || after.startsWith(group))) continue;
    if (entries.length + prefixes.length >= max) return { entries, prefixes, isTruncated: max > 0, last };
    if (group === undefined) entries.push(entry);
    else prefixes.push(group);
    last = group === undefined ? { key: entry.key, entry } : { key: group };
  }
  return { entries, prefixes, isTruncated: false, last };
}

function groupOf(key: string, prefix: string, delimiter: string): string | undefined {
  const at = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
