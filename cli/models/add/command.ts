import { modelNameSchema, modelVersionSchema } from '@kilat/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';
import { as, collect } from '../../options.ts';
import { run } from '../../run.ts';
import { jsonOption, modelsDirFrom, modelsOption, type SharedOptions } from '../options.ts';
import type { AddedModel, AddOptions } from './add.ts';

type AddCommandOptions = SharedOptions & Omit<AddOptions, 'name' | 'modelsDir'>;

const examples = `
Examples:
  kilat models add cats --onnx cats.onnx --labels labels.txt
  kilat models add vit --onnx vit.onnx --labels config.json --preprocessing preprocessor_config.json \\
    --licence Apache-2.0 --golden cat.jpg=cat --golden dog.jpg=dog`;

function pixels(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('expected pixels, 1 to 9999');
  return Number(text);
}

export const addCommand = (): Command =>
  new Command('add')
    .description('make a model folder of an ONNX image classifier: FP32 [N, 3, height, width] to [N, labels]')
    .argument('<name>', 'its name on this platform', as(modelNameSchema))
    .requiredOption('--onnx <file>', 'the weights, all in one file')
    .requiredOption('--labels <file>', "one label a line, a JSON array, or JSON with Hugging Face's id2label")
    .option('--preprocessing <file>', "Hugging Face's preprocessor_config.json")
    .option('--size <pixels>', 'height and width, where the model leaves them free', pixels)
    .option('--output <name>', 'which output holds the labels, where there are several')
    .addOption(new Option('--activation <function>', 'what makes confidences').choices(['softmax', 'sigmoid', 'none']))
    .option('--licence <text>', 'such as Apache-2.0')
    .option('--description <text>', 'one sentence')
    .option('--version <number>', 'the next one where absent', as(modelVersionSchema))
    .option('--golden <image=label>', 'an image that the model must know; may be given again', collect)
    .option('--force', 'replace a model of the same name')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action((name: string, options: AddCommandOptions) => run(() => add(name, options)));

async function add(name: string, options: AddCommandOptions): Promise<boolean> {
  const { addModel } = await import('./add.ts'); // loads onnxruntime and sharp, which no other command waits for
  const added = await addModel({ ...options, name, modelsDir: modelsDirFrom(options) });
  for (const note of added.notes) console.error(`note: ${note}`);
  console.log(options.json ? JSON.stringify(document(added), null, 2) : sentence(added));
  return true;
}

const document = ({ folder, manifest, notes }: AddedModel) => {
  const { name, version, weights, signature, postprocessing, preprocessing } = manifest;
  return { model: name, version, folder, weights, signature, preprocessing, postprocessing, notes };
};

const sentence = ({ folder, manifest }: AddedModel): string =>
  `${manifest.name} ${manifest.version} is in ${folder}; it is served from the next "npm start" or deployment on`;
