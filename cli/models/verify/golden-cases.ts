import { asPhoto, openImage } from '@kilat/adapters/image-decoder';
import type { Golden, TensorCase } from '@kilat/contracts';
import { type LoadedModel, largestDifference, readPixels, runTensorCase, scoreLabels, toTensor } from '@kilat/core';

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
  const { logits, deviation } = await runTensorCase(model, expected);
  const name = `tensor ${expected.multiplier}, ${expected.offset}, ${expected.modulus}, ${expected.divisor}`;
  const label = (values: ArrayLike<number>): string => model.manifest.labels[indexOfLargest(values)]!;
  return { name, expected: label(expected.logits), found: label(logits), deviation, ok: deviation <= tolerance };
}

const indexOfLargest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((best, value, index, all) => (value > all[best]! ? index : best), 0);
