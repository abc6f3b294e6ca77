import { type Run, type RunState, type TrainingStep, trainingSteps } from '@kilat/contracts';
import { duration } from '../output/progress.ts';
import { table } from '../output/table.ts';
import { metricText } from './metric-text.ts';

const ends: readonly RunState[] = ['succeeded', 'rejected', 'failed', 'cancelled'];
export const hasEnded = ({ state }: Pick<Run, 'state'>): boolean => ends.includes(state);

const STEP_WIDTH = Math.max(...trainingSteps.map((step) => step.length)) + 2;

/**
 * Turns what a run is told to be, time after time, into lines: one for each step that was left behind, with how long it
 * took as far as it was seen, and what it found. Who looks late sees the earlier steps without a duration.
 */
export class RunLog {
  #step: TrainingStep | undefined;
  #sinceMs: number;
  #sawBeginning = false;

  /** @param nowMs on whatever clock the later ones are */
  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  /** The lines of what was finished since the last look. */
  lines(run: Run, nowMs: number): string[] {
    const done = doneSteps(this.#step, run);
    const current = hasEnded(run) ? undefined : reached(run);
    const lines = done.flatMap((step, index) => {
      const took = index === 0 && this.#sawBeginning ? duration((nowMs - this.#sinceMs) / 1000) : '';
      return told('✓', step, [took, ...findings[step](run)]);
    });
    if (done.length > 0 || current !== this.#step) {
      this.#sawBeginning = this.#step !== undefined || current === trainingSteps[0];
      this.#step = current ?? reached(run);
      this.#sinceMs = nowMs;
    }
    if (run.state === 'succeeded' || !hasEnded(run)) return lines;
    return [...lines, ...told('✗', reached(run) ?? trainingSteps[0], failure(run))];
  }

  /** The line of what is under way. */
  current(run: Run, nowMs: number): string {
    const step = reached(run);
    return step ? `  ${step.padEnd(STEP_WIDTH)}${duration((nowMs - this.#sinceMs) / 1000)}` : `  ${run.state}`;
  }
}

/** The step that a run came to. Data that are refused have one step more, which draws the reports and is no progress. */
const reached = (run: Run): TrainingStep | undefined => (failedOf(run).length > 0 ? 'validate' : run.step);

/** The expectations for which data are refused. */
const failedOf = ({ expectations = [] }: Run) =>
  expectations.filter(({ passed, severity }) => !passed && severity === 'error');

/** The steps that lie behind the run, from the one that it was last seen in. */
function doneSteps(from: TrainingStep | undefined, run: Run): TrainingStep[] {
  const first = from === undefined ? 0 : trainingSteps.indexOf(from);
  const step = reached(run);
  const at = step === undefined ? 0 : trainingSteps.indexOf(step);
  const end = run.state === 'succeeded' ? trainingSteps.length : at;
  return trainingSteps.slice(first, Math.max(first, end));
}

/** The mark and the step before its first finding, the others under it. */
const told = (mark: string, step: TrainingStep, [took = '', ...rest]: readonly string[]): string[] => {
  const lines = rest.length === 0 ? [''] : rest;
  return lines.map((line, index) => {
    const head = index === 0 ? `${mark} ${step.padEnd(STEP_WIDTH)}${took.padEnd(7)}` : ' '.repeat(STEP_WIDTH + 9);
    return (head + line).trimEnd();
  });
};

const failure = (run: Run): string[] => [
  '',
  run.problem ? `${run.problem.detail} (${run.problem.code})` : run.state,
  ...failedOf(run).map(({ name, column, detail }) => `${name}${column ? ` of ${column}` : ''}: ${detail}`),
];

/** What a run tells of each step that is done. */
const findings: Readonly<Record<TrainingStep, (run: Run) => string[]>> = {
  snapshot: ({ dataset_sha256, dataset_rows }) =>
    dataset_sha256 === undefined ? [] : [`${dataset_rows ?? '?'} rows, dataset ${dataset_sha256.slice(0, 12)}`],
  validate: ({ expectations }) =>
    expectations === undefined ? [] : [`${passedOf(expectations)} of ${expectations.length} expectations passed`],
  train: ({ candidates = [] }) => (candidates.length === 0 ? [] : [`${candidates.length} candidates`]),
  evaluate: (run) => [...candidateLines(run), ...metricLines(run)],
  register: ({ version }) => (version === undefined ? [] : [`version ${version}`]),
  promote: ({ decision }) => (decision === undefined ? [] : [`${decision.alias}: ${decision.reason}`]),
  notify: ({ artefacts }) => (artefacts.length === 0 ? [] : [`${artefacts.length} artefacts`]),
};

const passedOf = (expectations: NonNullable<Run['expectations']>): number =>
  expectations.filter(({ passed }) => passed).length;

/** A candidate's first metric is the one by which they are chosen; `--json` has them all. */
const candidateLines = ({ candidates = [] }: Run): string[] =>
  linesOf(
    candidates.map(({ name, chosen, metrics }) => {
      const [[metric, value] = ['', undefined]] = Object.entries(metrics);
      return [chosen ? '*' : ' ', name, metric, metricText(value)];
    }),
  );

const metricLines = ({ metrics = {}, champion_metrics = {} }: Run): string[] =>
  linesOf(
    Object.entries(metrics).map(([name, metric]) => {
      const champion = champion_metrics[name];
      return [' ', name, metricText(metric), champion ? `champion ${metricText(champion)}` : ''];
    }),
  );

const linesOf = (rows: readonly (readonly string[])[]): string[] => (rows.length === 0 ? [] : table(rows).split('\n'));
