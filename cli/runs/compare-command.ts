import type { Run } from '@kilat/contracts';
import { Command } from 'commander';
import { apiClient } from '../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../connection/connect.ts';
import { linesOption } from '../options.ts';
import { printLine } from '../output/json.ts';
import { table } from '../output/table.ts';
import { run } from '../run.ts';
import { type ComparedRuns, compareRuns, differenceText, overlapText } from './compare.ts';
import { metricText } from './metric-text.ts';
import { runArgument } from './run-argument.ts';

const help = `
Intervals that are apart tell of a difference beyond noise. Those that overlap tell nothing: for two models on the same
rows, what the promotion policy found by a paired comparison counts (kilat runs show).

Examples:
  kilat runs compare 019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53 019aa3c9-11d2-7c41-8f0a-2b1c7d3e4f5a`;

interface CompareOptions extends ConnectionOptions {
  readonly json?: true;
}

export const compareCommand = (): Command =>
  withConnection(new Command('compare'))
    .description('set two runs side by side: parameters, and metrics with their intervals')
    .addArgument(runArgument('a'))
    .addArgument(runArgument('b'))
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((a: string, b: string, options: CompareOptions) =>
      run(async () => {
        const api = apiClient(connect(options));
        const [first, second] = await Promise.all([a, b].map((run_id) => api('getRun', { params: { run_id } })));
        const compared = compareRuns(first!, second!);
        if (options.json) printLine(compared);
        else console.log(asText(compared, first!, second!));
        return true;
      }),
    );

/** @param a and `b`: the runs that were compared */
export const asText = ({ same_dataset, parameters, metrics }: ComparedRuns, a: Run, b: Run): string =>
  [
    table([['', 'A', 'B'], ...factsOf(a).map(([name, value], index) => [name, value, factsOf(b)[index]![1]])]),
    same_dataset ? 'the same data' : 'other data: the difference is not the models’ alone',
    table([
      ['PARAMETER', 'A', 'B', ''],
      ...parameters.map(({ name, first = '–', second = '–', same }) => [name, first, second, same ? '' : 'differs']),
    ]),
    table([
      ['METRIC', 'A', 'B', 'B - A', '95 % INTERVALS'],
      ...metrics.map((metric) => [
        metric.name,
        metricText(metric.first),
        metricText(metric.second),
        differenceText(metric),
        overlapText(metric),
      ]),
    ]),
  ].join('\n\n');

const factsOf = ({ run_id, model, state, created_at, dataset_sha256, dataset_rows, version, decision }: Run) =>
  [
    ['run', run_id],
    ['model', model],
    ['state', state],
    ['created', created_at],
    ['dataset', dataset_sha256 ? `${dataset_sha256.slice(0, 12)}, ${dataset_rows} rows` : '–'],
    ['version', version ?? '–'],
    ['became', decision?.alias ?? '–'],
  ] as const;
