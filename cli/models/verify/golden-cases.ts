import { asPhoto, openImage } from '@kilat/adapters/image-decoder';
import type { Golden } from '@kilat/contracts';
import {
  assertImageClassifier,
  type ImageClassifier,
  indexOfLargest,
  type LoadedModel,
  largestDifference,
  readPixels,
  runGoldenCases,
  scoreLabels,
  toTensor,
} from '@kilat/core';

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
  for (const expected of golden.cases) {
    assertImageClassifier(model);
    results.push(await imageCase(model, expected, golden.tolerance, read));
  }
  const others = await runGoldenCases(model, golden);
  return [...results, ...others.map(({ tolerance, ...result }) => ({ ...result, ok: result.deviation <= tolerance }))];
}

async function imageCase(
  model: ImageClassifier,
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
