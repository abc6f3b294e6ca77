import { Argument, Command } from 'commander';
import { catalogue } from '../../catalogue/index.ts';
import { run, untilInterrupted } from '../../run.ts';
import { jsonOption, modelsDirFrom, modelsOption, type SharedOptions } from '../options.ts';
import { progressOf } from './progress.ts';
import { type PulledModel, pullModel } from './pull.ts';
import type { FailedMirror } from './sources.ts';

interface PullCommandOptions extends SharedOptions {
  readonly from?: string;
}

export const pullCommand = (): Command =>
  new Command('pull')
    .description('fetch a public model, check its hash and write its folder')
    .addArgument(new Argument('<name>', 'which model').choices([...catalogue.keys()]))
    .option('--from <dir>', 'take the weights from this folder, at any depth and under any name, instead')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action((name: string, options: PullCommandOptions) => run(() => pull(name, options)));

async function pull(name: string, options: PullCommandOptions): Promise<boolean> {
  const entry = catalogue.get(name)!;
  const failed: FailedMirror[] = [];
  const onFailure = (mirror: FailedMirror): void => {
    failed.push(mirror);
    console.error(`${mirror.url} failed: ${mirror.reason}`);
  };
  const onProgress = progressOf(entry.manifest.weights);
  const where = { modelsDir: modelsDirFrom(options), from: options.from };
  const pulled = await untilInterrupted((signal) => pullModel({ name, ...where, signal, onProgress, onFailure }));
  console.log(options.json ? JSON.stringify(document(name, pulled, failed), null, 2) : sentence(name, pulled));
  return true;
}

const document = (name: string, { folder, takenFrom }: PulledModel, failed: readonly FailedMirror[]) => {
  const { version, weights, licence } = catalogue.get(name)!.manifest;
  const { file, bytes, sha256 } = weights;
  return {
    model: name,
    version,
    licence,
    folder,
    file,
    bytes,
    sha256,
    taken_from: takenFrom ?? null,
    failed_mirrors: failed,
  };
};

const sentence = (name: string, { folder, takenFrom }: PulledModel): string =>
  `${takenFrom ? `took the weights from ${takenFrom}` : 'the right weights were here already'}
${name} is in ${folder}; it is served from the next "npm start" or deployment on`;
