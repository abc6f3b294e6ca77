import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Cases of a suite that moto fails, for one reason. */
export interface Difference {
  readonly reason: string;
  /** full titles, such as `tables > are refused deletion while they are protected` */
  readonly cases: readonly string[];
  /** true: moto fails them now and then, and nobody is told either way */
  readonly sometimes?: boolean;
}

/** By suite, which is a folder of `test/conformance`. */
export type Differences = Readonly<Record<string, readonly Difference[]>>;

export interface CaseResult {
  readonly suite: string;
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending';
}

/** The differences that are known; `local/README.md` shows them. */
export const knownDifferences: Differences = JSON.parse(
  readFileSync(join(import.meta.dirname, 'differences.json'), 'utf8'),
);

/** How the results depart from what is listed, a sentence each: none where they are as ever. */
export function departures(results: readonly CaseResult[], differences: Differences): string[] {
  const states = new Map<string, CaseResult['state']>(
    results.map(({ suite, title, state }) => [`${suite}: ${title}`, state]),
  );
  const listed = new Map<string, Difference>(rowsOf(differences));
  const added = [...states].filter(([key, state]) => state === 'failed' && !listed.has(key));
  const gone = [...listed].filter(([key, { sometimes }]) => {
    const state = states.get(key);
    return sometimes ? state === undefined : state !== 'failed';
  });
  return [
    ...added.map(([key]) => `${key}: fails, and is not listed`),
    ...gone.map(([key]) => `${key}: is listed, and ${states.get(key) ?? 'is not there'}`),
  ];
}

const rowsOf = (differences: Differences) =>
  Object.entries(differences).flatMap(([suite, groups]) =>
    groups.flatMap((group) => group.cases.map((title) => [`${suite}: ${title}`, group] as const)),
  );

/** The table of `local/README.md`. */
export const differencesTable = (differences: Differences): string =>
  ['| suite | cases | what moto does |', '|---|---:|---|', ...Object.entries(differences).flatMap(tableRows)].join(
    '\n',
  );

const tableRows = ([suite, groups]: [string, readonly Difference[]]): string[] =>
  groups.map(({ reason, cases, sometimes }) => {
    const count = sometimes ? `up to ${cases.length}` : cases.length;
    return `| ${suite} | ${count} | ${reason} |`;
  });
