import type { ImagePreprocessing, TensorCase } from '@kilat/contracts';
import type { ImageClassifier, InputTensor } from './classify.ts';

/** How far a model's outputs are from those of a known case. */
export interface TensorCaseResult {
  readonly logits: Float32Array;
  /** the largest difference of any value; Infinity where the outputs have another size */
  readonly deviation: number;
}

/** Runs a model on a case whose tensor follows from a formula. */
export async function runTensorCase(model: ImageClassifier, expected: TensorCase): Promise<TensorCaseResult> {
  const outputs = await model.run(tensorOf(expected, model.manifest.preprocessing));
  const logits = outputs[model.manifest.postprocessing.output]!;
  const embedding = outputs.embedding?.subarray(0, 8) ?? new Float32Array();
  const deviation = Math.max(
    largestDifference(expected.logits, logits),
    largestDifference(expected.embedding_first_8 ?? embedding, embedding),
  );
  return { logits, deviation };
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

/** Infinite where one has values that the other lacks, or is no number. */
export function largestDifference(expected: ArrayLike<number>, found: ArrayLike<number>): number {
  if (expected.length !== found.length) return Number.POSITIVE_INFINITY;
  const differences = Array.from(expected, (value, index) => Math.abs(value - found[index]!));
  return differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(0, ...differences);
}
