import type { Run } from '@kilat/contracts';
import { type ComparedMetric, compareMetrics, metricNumber } from '@kilat/core/reports';

/** One parameter of two runs, as JSON; absent where a run has none of that name. */
export interface ComparedParameter {
  readonly name: string;
  readonly first: string | undefined;
  readonly second: string | undefined;
  readonly same: boolean;
}

export interface ComparedRuns {
  readonly runs: readonly [string, string];
  /** whether they were held against the same rows: only then do their metrics tell of the models alone */
  readonly same_dataset: boolean;
  readonly parameters: readonly ComparedParameter[];
  readonly metrics: readonly ComparedMetric[];
}

/** Two runs side by side. */
export const compareRuns = (first: Run, second: Run): ComparedRuns => ({
  runs: [first.run_id, second.run_id],
  same_dataset: first.dataset_sha256 !== undefined && first.dataset_sha256 === second.dataset_sha256,
  parameters: compareParameters(first.parameters, second.parameters),
  metrics: compareMetrics(first.metrics, second.metrics),
});

type Parameters = Run['parameters'];

function compareParameters(first: Parameters = {}, second: Parameters = {}): ComparedParameter[] {
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])].sort();
  return names.map((name) => {
    const [a, b] = [first[name], second[name]].map((value) =>
      value === undefined ? undefined : JSON.stringify(value),
    );
    return { name, first: a, second: b, same: a === b };
  });
}

/** +0.0012, or nothing known. */
export const differenceText = ({ difference }: ComparedMetric): string =>
  difference === undefined ? '–' : `${difference > 0 ? '+' : ''}${metricNumber(difference)}`;

export const overlapText = ({ overlap }: ComparedMetric): string =>
  overlap === undefined ? '–' : overlap ? 'overlap' : 'are apart';
