import type { ImageManifest, LabelScore } from '@kilat/contracts';

type Activation = ImageManifest['postprocessing']['function_to_apply'];

/**
 * Exponentials over their sum, shifted by the largest logit so that none overflows.
 * @returns shares from 0 to 1 that sum to 1
 */
export function softmax(logits: ArrayLike<number>): Float64Array {
  const shares = Float64Array.from(logits);
  const largest = shares.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let index = 0; index < shares.length; index++) {
    const share = Math.exp(shares[index]! - largest);
    shares[index] = share;
    sum += share;
  }
  return shares.map((share) => share / sum);
}

const activations: Record<Activation, (outputs: ArrayLike<number>) => Float64Array> = {
  softmax,
  sigmoid: (logits) => Float64Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit))),
  none: (confidences) => Float64Array.from(confidences),
};

/** A model's outputs as confidences, in the order of its labels. */
export const confidences = (outputs: ArrayLike<number>, activation: Activation): Float64Array =>
  activations[activation](outputs);

/** Decimals of a confidence: two runs over one image in different company may differ behind these. */
const DECIMALS = 1e6;

/**
 * The most confident labels, the highest first; equals keep the order of the labels.
 * @param scores one confidence per label
 */
export function topLabels(scores: Float64Array, labels: readonly string[], topK: number): LabelScore[] {
  const best: LabelScore[] = []; // kept in order: to sort all 1,000 labels for the sake of five takes thirty times as long
  for (let index = 0; index < scores.length; index++) {
    const confidence = Math.round(scores[index]! * DECIMALS) / DECIMALS;
    if (best.length === topK && confidence <= best[topK - 1]!.confidence) continue;
    const place = best.findIndex((other) => other.confidence < confidence);
    best.splice(place < 0 ? best.length : place, 0, { label: labels[index]!, confidence });
    if (best.length > topK) best.pop();
  }
  return best;
}
