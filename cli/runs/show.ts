import type { Run } from '@kilat/contracts';
import { compareMetrics } from '@kilat/core/reports';
import { Command } from 'commander';
import { apiClient } from '../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../connection/connect.ts';
import { linesOption } from '../options.ts';
import { printLine } from '../output/json.ts';
import { table } from '../output/table.ts';
import { run } from '../run.ts';
import { tookOf } from './list.ts';
import { metricText } from './metric-text.ts';
import { runArgument } from './run-argument.ts';

const help = `
Examples:
  kilat runs show 019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53
  kilat runs show 019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53 --json | jq .expectations`;

interface ShowOptions extends ConnectionOptions {
  readonly json?: true;
}

export const showCommand = (): Command =>
  withConnection(new Command('show'))
    .description('tell of a run: data, candidates, metrics beside the champion’s, what was decided and why')
    .addArgument(runArgument())
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((runId: string, options: ShowOptions) =>
      run(async () => {
        const shown = await apiClient(connect(options))('getRun', { params: { run_id: runId } });
        if (options.json) printLine(shown);
        else console.log(asText(shown));
        return true;
      }),
    );

export const asText = (shown: Run): string =>
  [factsOf(shown), candidatesOf(shown), metricsOf(shown), failedOf(shown)]
    .filter((part) => part !== undefined)
    .join('\n\n');

function factsOf(shown: Run): string {
  const { decision, problem, dataset_sha256, dataset_rows, version } = shown;
  const facts: (readonly [string, string | undefined])[] = [
    ['run', shown.run_id],
    ['model', shown.model],
    ['state', shown.step && shown.state !== 'succeeded' ? `${shown.state} at ${shown.step}` : shown.state],
    ['took', tookOf(shown) || undefined],
    ['started by', `${shown.trigger}, ${shown.user_id}`],
    ['seed', `${shown.seed}`],
    ['dataset', dataset_sha256 && `${dataset_sha256.slice(0, 12)}, ${dataset_rows} rows`],
    ['registered as', version && `version ${version}`],
    ['became', decision && `${decision.alias}: ${decision.reason}`],
    ['problem', problem && `${problem.detail} (${problem.code})`],
    ['artefacts', shown.artefacts.join(' ') || undefined],
  ];
  return table(facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** By their first metric, the one by which they are chosen; `--json` has them all. */
function candidatesOf({ candidates }: Run): string | undefined {
  if (!candidates?.length) return undefined;
  const [metric = ''] = Object.keys(candidates[0]!.metrics);
  return table([
    ['CANDIDATE', '', metric.toUpperCase()],
    ...candidates.map(({ name, chosen, metrics }) => [name, chosen ? 'chosen' : '', metricText(metrics[metric])]),
  ]);
}

function metricsOf({ metrics, champion_metrics }: Run): string | undefined {
  if (!metrics) return undefined;
  return table([
    ['METRIC', 'THIS RUN', 'CHAMPION'],
    ...compareMetrics(metrics, champion_metrics).map(({ name, first, second }) => [
      name,
      metricText(first),
      metricText(second),
    ]),
  ]);
}

function failedOf({ expectations = [] }: Run): string | undefined {
  const failed = expectations.filter(({ passed }) => !passed);
  if (failed.length === 0) return undefined;
  return table([
    ['EXPECTATION', 'COLUMN', 'SEVERITY', 'DETAIL'],
    ...failed.map(({ name, column = '', severity, detail }) => [name, column, severity, detail]),
  ]);
}
