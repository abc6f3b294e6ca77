import { Option } from 'commander';
import { printLine } from './json.ts';

export interface ListingOptions {
  readonly all?: true;
  readonly json?: true;
}

export const allOption = (): Option => new Option('--all', 'every page, not the first alone');

interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor?: string | undefined;
}

/**
 * Prints a page, or with `--all` every one: as a table, or as lines of JSON while they come.
 * @param fetch asks for the page that a cursor names; the first has none
 */
export async function printPages<T>(
  { all, json }: ListingOptions,
  fetch: (next_cursor: string | undefined) => Promise<Page<T>>,
  asTable: (items: readonly T[]) => string,
): Promise<true> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetch(cursor);
    cursor = page.next_cursor;
    if (json) page.items.forEach((item) => void printLine(item));
    else items.push(...page.items);
  } while (all && cursor !== undefined);
  if (!json) console.log(asTable(items));
  if (cursor !== undefined) console.error('there is more: --all shows it');
  return true;
}
