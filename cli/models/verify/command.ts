import { Command } from 'commander';
import { table } from '../../output/table.ts';
import { run } from '../../run.ts';
import { modelNames } from '../folders.ts';
import { jsonOption, modelsDirFrom, modelsOption, type SharedOptions } from '../options.ts';
import { RefusedError } from '../refusal.ts';
import type { ModelReport } from './verify.ts';

interface VerifyOptions extends SharedOptions {
  readonly verbose?: true;
}

export const verifyCommand = (): Command =>
  new Command('verify')
    .description('check manifests, hashes, signatures and golden cases')
    .argument('[names...]', 'which models; all where absent')
    .option('--verbose', 'show every golden case')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action((names: string[], options: VerifyOptions) => run(() => verify(names, options)));

async function verify(names: readonly string[], options: VerifyOptions): Promise<boolean> {
  const { verifyModel } = await import('./verify.ts'); // loads onnxruntime and sharp, which no other command waits for
  const modelsDir = modelsDirFrom(options);
  const reports: ModelReport[] = [];
  for (const name of chosen(names, modelsDir)) {
    const report = await verifyModel(modelsDir, name);
    reports.push(report);
    if (!options.json) console.log(lines(report, options.verbose === true));
  }
  if (options.json) console.log(JSON.stringify({ models: reports }, null, 2));
  return reports.every(({ ok }) => ok);
}

function chosen(names: readonly string[], modelsDir: string): readonly string[] {
  const here = modelNames(modelsDir);
  const unknown = names.find((name) => !here.includes(name));
  if (unknown !== undefined) throw new RefusedError(`no model in ${modelsDir} is named '${unknown}'`);
  return names.length > 0 ? names : here;
}

function lines(report: ModelReport, isVerbose: boolean): string {
  const { model, version, ok, failure, cases } = report;
  const title = version === undefined ? model : `${model} ${version}`;
  const line = `${title}: ${ok ? `ok (golden cases: ${cases.length})` : failure}`;
  return isVerbose && cases.length > 0 ? `${line}\n${caseTable(report)}` : line;
}

const caseTable = ({ cases }: ModelReport): string =>
  table([
    ['  CASE', 'EXPECTED', 'FOUND', 'DEVIATION', ''],
    ...cases.map(({ name, expected, found, deviation, ok }) => [
      `  ${name}`,
      expected,
      found,
      deviation === undefined ? '' : deviation.toExponential(1),
      ok ? 'ok' : 'failed',
    ]),
  ]);
