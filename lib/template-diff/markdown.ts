import type { Action, ResourceChange, StackChanges } from './changes.ts';

/** GitHub takes 65,536 characters for a comment; a table of so many rows is nowhere near, and nobody reads more. */
const MAX_ROWS = 100;

const columns: readonly Action[] = ['add', 'update', 'may replace', 'replace', 'orphan', 'remove'];

/** What endangers data comes first and loud; then a table of numbers, and one of resources for each stack. */
export function markdownOf(changes: readonly StackChanges[], title: string): string {
  const heading = `## ${title}`;
  if (changes.length === 0) return `${heading}\n\nNo template changes.\n`;
  return `${[heading, ...warning(changes), counts(changes), ...changes.map(details)].join('\n\n')}\n`;
}

function warning(changes: readonly StackChanges[]): string[] {
  const lines = changes.flatMap(({ stack, resources }) =>
    resources.filter(({ endangersData }) => endangersData).map((resource) => danger(stack, resource)),
  );
  return lines.length === 0 ? [] : [['> [!CAUTION]', '> **Data is at stake.**', ...lines].join('\n')];
}

const outcomes: Readonly<Partial<Record<Action, string>>> = {
  replace: 'would be REPLACED by an empty one',
  'may replace': 'MAY BE REPLACED by an empty one',
  remove: 'would be REMOVED with all it holds',
  orphan: 'would be CUT OFF: it stays in the account, and nothing refers to it any more',
};

const danger = (stack: string, { logicalId, type, action, properties }: ResourceChange) =>
  `> - **\`${stack}/${logicalId}\`** (${type}) ${outcomes[action]}${properties.length > 0 ? `: ${listed(properties)}` : ''}`;

function counts(changes: readonly StackChanges[]): string {
  const rows = changes.map(({ stack, resources }) => [
    stack,
    ...columns.map((action) => String(resources.filter((resource) => resource.action === action).length || '')),
  ]);
  return table(['stack', ...columns], rows);
}

function details({ stack, resources }: StackChanges): string {
  const rows = resources
    .slice(0, MAX_ROWS)
    .map(({ logicalId, type, action, properties }) => [action, `\`${logicalId}\``, type, listed(properties)]);
  const rest = resources.length - rows.length;
  const body = table(['', 'resource', 'type', 'properties'], rows) + (rest > 0 ? `\n\nand ${rest} more` : '');
  return `<details><summary>${stack}</summary>\n\n${body}\n\n</details>`;
}

const listed = (properties: readonly string[]) => properties.map((name) => `\`${name}\``).join(', ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
