import type { Candidate, Metric, Run } from '@kilat/contracts';
import { type Chart, inlineSvg } from './chart.ts';
import { type ComparedMetric, compareMetrics } from './compare-metrics.ts';
import { type Child, element, type Markup } from './markup.ts';
import { counted, metricNumber } from './number-format.ts';
import { card, code, dataTable, factTable, page, section } from './page.ts';
import { verdictOf } from './validation-page.ts';

export interface RunPageContent {
  readonly run: Run;
  readonly charts: readonly Chart[];
  /** Markdown, of the version that was registered */
  readonly modelCard?: string | undefined;
}

/** `report.html`: what was run on what, what came of it, and why it was decided so. */
export function runPage({ run, charts, modelCard }: RunPageContent): string {
  const title = `Training of ${run.model}`;
  return page(
    title,
    element('h1', {}, title),
    element('p', { class: 'quiet' }, 'run ', code(run.run_id)),
    outcome(run),
    section('The run', factTable(factsOf(run))),
    run.metrics && section('On held-out rows', metricsTable(run)),
    charts.length > 0 && section('Pictures', element('div', { class: 'charts' }, charts.map(figureOf))),
    run.candidates && section('Candidates', candidatesTable(run.candidates)),
    run.parameters && section('Parameters', card(element('pre', {}, JSON.stringify(run.parameters, undefined, 2)))),
    run.expectations && section('The data', card(verdictOf(run.expectations), 'validation.html tells each.')),
    modelCard && section('Model card', card(element('pre', {}, modelCard))),
  );
}

const figureOf = (chart: Chart): Markup => element('figure', {}, inlineSvg(chart));

const looks: Readonly<Record<Run['state'], string>> = {
  queued: 'quiet',
  running: 'quiet',
  succeeded: 'good',
  rejected: 'bad',
  failed: 'bad',
  cancelled: 'warn',
};

function outcome({ state, decision, problem }: Run): Markup {
  return card(
    element('p', { class: looks[state] }, state),
    decision && element('p', {}, decisionOf(decision), ': ', decision.reason),
    problem && element('p', {}, problem.detail, ' (', code(problem.code), ')'),
  );
}

const decisionOf = ({ alias }: NonNullable<Run['decision']>): string =>
  alias === 'none' ? 'no alias was moved' : `it became ${alias}`;

const factsOf = (run: Run): [string, Child][] => [
  ['started by', `${run.trigger}, ${run.user_id}`],
  ['began', run.created_at],
  ['ended', run.finished_at],
  ['seed', run.seed],
  ['dataset', run.dataset_sha256 && code(run.dataset_sha256)],
  ['rows', run.dataset_rows === undefined ? undefined : counted(run.dataset_rows)],
  ['registered as', run.version && `version ${run.version}`],
];

function metricsTable({ metrics, champion_metrics }: Run): Markup {
  const compared = compareMetrics(champion_metrics, metrics).filter(({ second }) => second);
  if (!champion_metrics) {
    return dataTable(
      ['metric', 'this run'],
      compared.map(({ name, second }) => [name, told(second)]),
    );
  }
  return dataTable(
    ['metric', 'this run', 'champion', 'difference', '95 % intervals'],
    compared.map((metric) => [metric.name, told(metric.second), told(metric.first), signed(metric), overlapOf(metric)]),
  );
}

const told = (metric: Metric | undefined): Child => {
  if (!metric) return '–';
  const { value, low, high } = metric;
  const interval = low !== undefined && high !== undefined && `${metricNumber(low)} to ${metricNumber(high)}`;
  return [metricNumber(value), interval && element('span', { class: 'quiet' }, `  (${interval})`)];
};

const signed = ({ difference }: ComparedMetric): string =>
  difference === undefined ? '–' : `${difference > 0 ? '+' : ''}${metricNumber(difference)}`;

const overlapOf = ({ overlap }: ComparedMetric): string =>
  overlap === undefined ? '–' : overlap ? 'overlap' : 'are apart';

function candidatesTable(candidates: readonly Candidate[]): Markup {
  const names = [...new Set(candidates.flatMap(({ metrics }) => Object.keys(metrics)))];
  return dataTable(
    ['candidate', '', ...names, 'parameters'],
    candidates.map(({ name, chosen, metrics, parameters }) => [
      name,
      chosen && element('span', { class: 'good' }, '✓ chosen'),
      ...names.map((metric) => told(metrics[metric])),
      code(JSON.stringify(parameters)),
    ]),
  );
}
