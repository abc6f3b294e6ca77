import { asPhoto, openImage } from '@kilat/adapters/image-decoder';
import type { Golden, ImagePreprocessing, TensorCase } from '@kilat/contracts';
import { type InputTensor, type LoadedModel, readPixels, scoreLabels, toTensor } from '@kilat/core';

/** One known answer beside the model's own. */
export interface CaseResult {
  readonly name: string;
  readonly expected: string;
  readonly found: string;
  /** the largest difference of any value; absent where none was stated */
  readonly deviation?: number;
  readonly ok: boolean;
}

/** Reads a file of the model's folder. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** Every case of a model, images through the very pipeline that predictions go through. */
export async function runGolden(model: LoadedModel, golden: Golden, read: ReadFile): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const expected of golden.cases) results.push(await imageCase(model, expected, golden.tolerance, read));
  for (const expected of golden.tensor_cases) results.push(await tensorCase(model, expected, golden.tensor_tolerance));
  return results;
}

async function imageCase(
  model: LoadedModel,
  { image, label, confidences }: Golden['cases'][number],
  tolerance: number,
  read: ReadFile,
): Promise<CaseResult> {
  const pixels = await readPixels(model, await openImage(asPhoto(await read(image))));
  const scores = await scoreLabels(model, toTensor(model, pixels));
  const found = model.manifest.labels[indexOfLargest(scores)]!;
  const result = { name: image, expected: label, found };
  if (!confidences) return { ...result, ok: found === label };
  const deviation = largestDifference(confidences, scores);
  return { ...result, deviation, ok: found === label && deviation <= tolerance };
}

async function tensorCase(model: LoadedModel, expected: TensorCase, tolerance: number): Promise<CaseResult> {
  const outputs = await model.run(tensorOf(expected, model.manifest.preprocessing));
  const logits = outputs[model.manifest.postprocessing.output]!;
  const embedding = outputs.embedding?.subarray(0, 8) ?? new Float32Array();
  const deviation = Math.max(
    largestDifference(expected.logits, logits),
    largestDifference(expected.embedding_first_8 ?? embedding, embedding),
  );
  const name = `tensor ${expected.multiplier}, ${expected.offset}, ${expected.modulus}, ${expected.divisor}`;
  const label = (values: ArrayLike<number>): string => model.manifest.labels[indexOfLargest(values)]!;
  return { name, expected: label(expected.logits), found: label(logits), deviation, ok: deviation <= tolerance };
}

/** The tensor of `tensorCaseSchema`'s formula. */
export function tensorOf(formula: TensorCase, preprocessing: ImagePreprocessing): InputTensor {
  const { multiplier, offset, modulus, divisor, shape } = formula;
  const plane = shape[2] * shape[3];
  const data = Float32Array.from({ length: 3 * plane }, (_, index) => {
    const channel = Math.floor(index / plane) as 0 | 1 | 2;
    const pixel = ((index * multiplier + offset) % modulus) / divisor;
    return (pixel - preprocessing.image_mean[channel]) / preprocessing.image_std[channel];
  });
  return { data, shape };
}

const indexOfLargest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, value, index, all) => (value > all[best]! ? index : best), 0);

/** Infinite where one has values that the other lacks, or is no number. */
export function largestDifference(expected: ArrayLike<number>, found: ArrayLike<number>): number {
  if (expected.length !== found.length) return Number.POSITIVE_INFINITY;
  const differences = Array.from(expected, (value, index) => Math.abs(value - found[index]!));
  return differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(0, ...differences);
}
