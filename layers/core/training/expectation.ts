import type { Expectation } from '@kilat/contracts';

export type Severity = Expectation['severity'];

/** What was found of something that is expected of data. */
export interface Finding {
  readonly passed: boolean;
  /** what was found, and what is allowed */
  readonly detail: string;
  readonly column?: string;
}

export const finding = (name: string, severity: Severity, { passed, detail, column }: Finding): Expectation => ({
  name,
  severity,
  passed,
  detail,
  ...(column !== undefined && { column }),
});

/** Those for which a run ends; a warning lets it go on. */
export const failures = (expectations: readonly Expectation[]): Expectation[] =>
  expectations.filter(({ passed, severity }) => !passed && severity === 'error');

/** A share in percent, with one decimal. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const MAX_LISTED = 5;

/** The first of some names, and how many more there are. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const rest = names.length - MAX_LISTED;
  const first = names
    .slice(0, MAX_LISTED)
    .map((name) => `'${name}'`)
    .join(', ');
  return rest > 0 ? `${first} and ${rest} more` : first;
}
