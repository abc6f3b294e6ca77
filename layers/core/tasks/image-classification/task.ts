import type { Golden, ImageManifest } from '@kilat/contracts';
import type { GoldenResult, TaskRow } from '../task.ts';
import { type ImageClassifier, scoreLabels, toTensor } from './classify.ts';
import { runTensorCase } from './golden.ts';
import { planPixels } from './preprocess.ts';

export const imageClassification: TaskRow<ImageManifest, ImageClassifier> = {
  fault,

  open(manifest, session) {
    const input = manifest.signature.inputs[0]!.name;
    return { manifest, run: (tensor) => session.run({ [input]: tensor }) };
  },

  async probe(model) {
    const { crop } = planPixels(model.manifest.preprocessing, { width: 1, height: 1 });
    const blank = { bytes: new Uint8Array(crop.width * crop.height * 3), width: crop.width, height: crop.height };
    await scoreLabels(model, toTensor(model, blank));
  },

  countCases: ({ tensor_cases }) => tensor_cases.length,
  runCases,
};

/** onnxruntime knows nothing of labels: a list too short would name the wrong classes. */
function fault({ signature, postprocessing, labels }: ImageManifest): string | undefined {
  const output = signature.outputs.find(({ name }) => name === postprocessing.output);
  if (!output) return `its postprocessing names '${postprocessing.output}', which is no output`;
  const classes = output.shape.at(-1)!;
  if (classes === -1 || classes === labels.length) return undefined;
  return `'${output.name}' has ${classes} values and there are ${labels.length} labels`;
}

async function runCases(model: ImageClassifier, { tensor_cases, tensor_tolerance }: Golden): Promise<GoldenResult[]> {
  const label = (values: ArrayLike<number>): string => model.manifest.labels[indexOfLargest(values)]!;
  const results: GoldenResult[] = [];
  for (const expected of tensor_cases) {
    const { logits, deviation } = await runTensorCase(model, expected);
    const name = `tensor ${expected.multiplier}, ${expected.offset}, ${expected.modulus}, ${expected.divisor}`;
    const told = { name, expected: label(expected.logits), found: label(logits) };
    results.push({ ...told, deviation, tolerance: tensor_tolerance });
  }
  return results;
}

/** The first of the largest values. */
export const indexOfLargest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, value, index, all) => (value > all[best]! ? index : best), 0);
