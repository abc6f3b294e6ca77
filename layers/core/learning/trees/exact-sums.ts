import type { TreeEnsemble } from './ensemble.ts';

/** Whole numbers up to 2^24 are float32 values. */
const FLOAT32_BITS = 24;

/**
 * The ensemble with its values rounded to the finest grid of a power of two on which no sum leaves the exact range of
 * float32. Sums are then exact in whatever order and precision: onnxruntime, which sums in float32 and by batch in
 * another order, gives bit for bit what was calibrated here, and a steep isotonic curve behind it shows no difference.
 * For a hundred trees the grid is near 1e-6, which is what float32 sums err by otherwise.
 */
export function withExactSums(ensemble: TreeEnsemble): TreeEnsemble {
  const step = 2 ** Math.ceil(Math.log2(largestSum(ensemble)) - FLOAT32_BITS + 1);
  const rounded = (values: Float32Array): Float32Array => values.map((value) => Math.round(value / step) * step);
  return {
    ...ensemble,
    baseScores: rounded(ensemble.baseScores),
    trees: ensemble.trees.map((tree) => ({ ...tree, value: rounded(tree.value) })),
  };
}

/** No partial sum of any row is larger; the smallest float32 where all values are 0. */
function largestSum({ baseScores, trees }: TreeEnsemble): number {
  const largest = Float64Array.from(baseScores, Math.abs);
  for (const { output, value } of trees) {
    largest[output]! += value.reduce((most, leaf) => Math.max(most, Math.abs(leaf)), 0);
  }
  return largest.reduce((most, sum) => Math.max(most, sum), 2 ** -126);
}
