import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { registerRequestSchema, type UploadMediaType } from '@kilat/contracts';
import { Command } from 'commander';
import { type Api, apiClient } from '../../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../../connection/connect.ts';
import { CliError } from '../../errors.ts';
import { type Upload, type Uploading, upload } from '../../jobs/upload.ts';
import { as, collect, linesOption } from '../../options.ts';
import { printLine } from '../../output/json.ts';
import { run, untilInterrupted } from '../../run.ts';
import { modelArgument } from './arguments.ts';

const help = `
The stage runs the model once where it can do no harm: it has to have the signature that its manifest states, and to
answer its golden cases. A version that was registered serves nobody until it is promoted.

Examples:
  kilat models register signs --as admin --onnx model.onnx --manifest model.json --golden golden.json
  kilat models register churn --as admin --onnx churn.onnx --manifest model.json --golden golden.json --file explainer.json`;

interface RegisterOptions extends ConnectionOptions {
  readonly onnx: string;
  readonly manifest: string;
  readonly golden: string;
  readonly file?: readonly string[];
  readonly notes?: string;
  readonly json?: true;
}

export const registerCommand = (): Command =>
  withConnection(new Command('register'))
    .description('upload the files of a model and register them as its next version; prints its number; for admins')
    .addArgument(modelArgument())
    .requiredOption('--onnx <file>', 'its weights')
    .requiredOption('--manifest <file>', 'its model.json')
    .requiredOption('--golden <file>', 'its golden.json: inputs whose answers are known')
    .option('--file <file>', 'another that its manifest names; may be given again', collect)
    .option('--notes <text>', 'what there is to say about it', as(registerRequestSchema.shape.notes))
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((model: string, options: RegisterOptions) =>
      run(() => untilInterrupted((signal) => register(model, options, signal))),
    );

async function register(model: string, options: RegisterOptions, signal: AbortSignal): Promise<true> {
  const api = apiClient(connect(options));
  const body = { ...(await uploadFiles(api, options, { signal })), notes: options.notes };
  const version = await api('registerModel', { params: { model }, body });
  if (options.json) printLine(version);
  else {
    console.error(`registered ${version.model}, sha256 ${version.sha256}, as version`);
    console.log(version.model_version);
  }
  return true;
}

async function uploadFiles(api: Api, { onnx, manifest, golden, file = [] }: RegisterOptions, uploading: Uploading) {
  const uploads = [
    fileOf(onnx, 'application/octet-stream'),
    ...[manifest, golden, ...file].map((path) => fileOf(path, 'application/json')),
  ];
  await Promise.all(uploads.map(assertReadable)); // before any is uploaded
  const [weights, ...texts] = await upload(api, uploads, uploading);
  const [manifestKey, goldenKey, ...others] = texts as [string, string, ...string[]];
  const files = Object.fromEntries(file.map((path, index) => [basename(path), others[index]!]));
  return { weights: weights!, manifest: manifestKey, golden: goldenKey, files };
}

const fileOf = (name: string, mediaType: UploadMediaType): Upload => ({
  name,
  mediaType,
  content: async () => openAsBlob(name), // which throws at once where it says that it would reject
});

async function assertReadable({ name, content }: Upload): Promise<void> {
  await content().catch((cause: unknown) => {
    throw new CliError(`${name} cannot be read`, { cause });
  });
}
